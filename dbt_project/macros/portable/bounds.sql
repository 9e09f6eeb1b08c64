{#- First and last day of what has no bound: for members and joins, never shown as a real date. -#}
{% macro beginning() -%}date '1900-01-01'{%- endmacro %}

{% macro end_of_time() -%}date '9999-12-31'{%- endmacro %}
