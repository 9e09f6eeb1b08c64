{#- star and marts name the attached release `juandi`; everything else stays in the work database. -#}
{% macro generate_database_name(custom_database_name=none, node=none) -%}
    {{ (custom_database_name or target.database) | trim }}
{%- endmacro %}
