{#-
  The columns of a table that is made by its contract, where DuckDB is not to choose the
  compression itself: `meta.compression` of the column names it. A text of all different values (order
  numbers, pseudonyms) is tried as a dictionary first, which takes twice the time and saves nothing.
-#}
{% macro duckdb__get_table_columns_and_constraints() -%}
    {%- set told = [] -%}
    {%- set columns = adapter.render_raw_columns_constraints(raw_columns=model['columns']) -%}
    {%- for name in model['columns'] -%}
        {%- set how = model['columns'][name].get('config', {}).get('meta', {}).get('compression') -%}
        {%- do told.append(columns[loop.index0] ~ (' using compression ' ~ how if how else '')) -%}
    {%- endfor -%}
    ({{ told | join(', ') }})
{%- endmacro %}
