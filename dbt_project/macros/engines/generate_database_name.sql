{#- star and marts name the attached release `juandi`; everything else stays in the work database. -#}
{% macro generate_database_name(custom_database_name=none, node=none) -%}
    {{ return(adapter.dispatch('generate_database_name', 'juandi')(custom_database_name, node)) }}
{%- endmacro %}

{% macro duckdb__generate_database_name(custom_database_name, node) -%}
    {{ (custom_database_name or target.database) | trim }}
{%- endmacro %}

{#- Spark has schemas alone: all lie in the session's catalogue. -#}
{% macro spark__generate_database_name(custom_database_name, node) -%}
    {{ return(none) }}
{%- endmacro %}
