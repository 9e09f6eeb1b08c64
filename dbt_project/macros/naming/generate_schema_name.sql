{#- Schemas are named exactly as configured (star, marts, staging …): analysts query them by name. -#}
{% macro generate_schema_name(custom_schema_name=none, node=none) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
