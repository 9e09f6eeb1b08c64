{#- The widest type of whole numbers: 38 digits. What needs more is an error on either engine. -#}
{% macro wide_integer() -%}
    {{ return(adapter.dispatch('wide_integer', 'juandi')()) }}
{%- endmacro %}

{% macro default__wide_integer() -%}
    decimal(38, 0)
{%- endmacro %}

{% macro duckdb__wide_integer() -%}
    hugeint
{%- endmacro %}
