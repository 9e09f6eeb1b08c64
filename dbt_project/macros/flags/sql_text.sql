{#- A value as it is written in SQL, quotes doubled: for the query that shows a finding's rows. -#}
{% macro sql_text(column) -%}
    concat_ws('', '''', replace({{ column }}, '''', ''''''), '''')
{%- endmacro %}
