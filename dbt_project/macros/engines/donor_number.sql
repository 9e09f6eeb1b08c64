{#-
  A pseudonym as a number, by which millions are counted several times faster than by their
  texts. That no two donors share one is checked on dim_donor every night.
-#}
{% macro donor_number(donor_key) -%}
    {{ return(adapter.dispatch('donor_number', 'juandi')(donor_key)) }}
{%- endmacro %}

{% macro default__donor_number(donor_key) -%}
    {{ donor_key }}
{%- endmacro %}

{% macro duckdb__donor_number(donor_key) -%}
    hash({{ donor_key }})
{%- endmacro %}
