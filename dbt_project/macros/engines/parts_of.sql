{#- A row for each part of a list that semicolons split, with its place from 1. -#}
{% macro parts_of(list, part) -%}
    {{ return(adapter.dispatch('parts_of', 'juandi')(list, part)) }}
{%- endmacro %}

{% macro duckdb__parts_of(list, part) -%}
    unnest(string_split({{ list }}, ';')) as {{ part }},
    generate_subscripts(string_split({{ list }}, ';'), 1) as place
{%- endmacro %}

{% macro spark__parts_of(list, part) -%}
    inline(transform(split({{ list }}, ';'), (part, i) -> struct(part, i + 1))) as ({{ part }}, place)
{%- endmacro %}
