{#- A row for each name of a text that lists several: 曾用名 are set apart by 、 or ；. -#}
{% macro each_name(column) -%}
    {{ return(adapter.dispatch('each_name', 'juandi')(column)) }}
{%- endmacro %}

{% macro duckdb__each_name(column) -%}
    unnest(string_split_regex({{ column }}, ' *[、；;] *'))
{%- endmacro %}

{% macro spark__each_name(column) -%}
    explode(split({{ column }}, ' *[、；;] *'))
{%- endmacro %}
