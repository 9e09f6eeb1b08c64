{#- `, <column> is null as <column>_is_null` for every column. -#}
{% macro is_null_flags(columns) -%}
    {%- for column in columns -%}, {{ column }} is null as {{ column }}_is_null{%- endfor -%}
{%- endmacro %}
