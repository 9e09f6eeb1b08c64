{#-
  The body of a CTE that several others read, each of which would compute it again: Spark puts a CTE
  in the place of its name. There it is a table beside the model's; DuckDB keeps it by itself.
  reads: CTEs of the same model, made once too, that the query reads.
-#}
{% macro made_once(name, query, reads=[]) -%}
    {{ return(adapter.dispatch('made_once', 'juandi')(name, query, reads)) }}
{%- endmacro %}

{% macro duckdb__made_once(name, query, reads) -%}
    {{ query }}
{%- endmacro %}

{% macro spark__made_once(name, query, reads) -%}
    {#- only where a model is being made: to show its SQL, or to try it on rows of a test, makes none -#}
    {%- if not execute or model.resource_type != 'model' or flags.WHICH not in ['build', 'run'] -%}
        {{ return(query) }}
    {%- endif -%}
    {%- set given = [] -%}
    {%- for other in reads -%}
        {%- do given.append(other ~ ' as (select * from ' ~ this ~ '__' ~ other ~ ')') -%}
    {%- endfor -%}
    {%- set place = this ~ '__' ~ name -%}
    {%- do run_query('drop table if exists ' ~ place) -%}
    {%- do run_query(
        'create table ' ~ place ~ ' using parquet as '
        ~ ('with ' ~ given | join(', ') if given) ~ ' ' ~ query
    ) -%}
    select * from {{ place }}
{%- endmacro %}
