{#-
  The comments of a table and its columns in one statement. Its contract says that the columns are
  there: dbt-duckdb asks the database twice.
-#}
{% macro duckdb__persist_docs(relation, model, for_relation, for_columns) -%}
    {%- if not config.get('contract').enforced -%}
        {{ return(default__persist_docs(relation, model, for_relation, for_columns)) }}
    {%- endif -%}
    {%- set comments = [] -%}
    {%- if for_relation and config.persist_relation_docs() and model.description -%}
        {%- do comments.append(alter_relation_comment(relation, model.description)) -%}
    {%- endif -%}
    {%- if for_columns and config.persist_column_docs() -%}
        {%- for name, column in model.columns.items() -%}
            {%- set place = relation ~ '.' ~ (adapter.quote(name) if column.quote else name) -%}
            {%- set told = duckdb_escape_comment(column.description) -%}
            {%- do comments.append('comment on column ' ~ place ~ ' is ' ~ told ~ ';') -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if comments -%}
        {%- call statement() -%}{{ comments | join('\n') }}{%- endcall -%}
    {%- endif -%}
{%- endmacro %}
