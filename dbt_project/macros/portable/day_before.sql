{#- The day before a day, as a date; null stays null. -#}
{% macro day_before(column) -%}
    cast({{ dbt.dateadd('day', -1, column) }} as date)
{%- endmacro %}
