{#- A flag as the word that was ticked; null stays null. -#}
{% macro yes_or_no(column) -%}
    case when {{ column }} then '是' when not {{ column }} then '否' end
{%- endmacro %}
