{#- The first rows of a relation as one JSON text, a list of objects. -#}
{% macro rows_as_text(relation, limit=5) -%}
    {{ return(adapter.dispatch('rows_as_text', 'juandi')(relation, limit)) }}
{%- endmacro %}

{% macro duckdb__rows_as_text(relation, limit) -%}
    (
        select cast(to_json(list(shown)) as varchar)
        from (select * from {{ relation }} limit {{ limit }}) as shown
    )
{%- endmacro %}

{#- Spark leaves a null out of an object unless it is told to keep it. -#}
{% macro spark__rows_as_text(relation, limit) -%}
    (
        select to_json(collect_list(struct(shown.*)), map('ignoreNullFields', 'false'))
        from (select * from {{ relation }} limit {{ limit }}) as shown
    )
{%- endmacro %}
