{#- A row for each day from the first to the last, as a date. -#}
{% macro each_day(first, last) -%}
    {{ return(adapter.dispatch('each_day', 'juandi')(first, last)) }}
{%- endmacro %}

{% macro duckdb__each_day(first, last) -%}
    cast(unnest(generate_series({{ first }}, {{ last }}, interval 1 day)) as date)
{%- endmacro %}

{% macro spark__each_day(first, last) -%}
    explode(sequence({{ first }}, {{ last }}, interval 1 day))
{%- endmacro %}
