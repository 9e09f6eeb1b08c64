{#- A moment as readers see it, to the second: two decisions may lie in one minute. -#}
{% macro moment_text(instant) -%}
    {{ return(adapter.dispatch('moment_text', 'juandi')(instant)) }}
{%- endmacro %}

{% macro duckdb__moment_text(instant) -%}
    strftime({{ instant }}, '%Y-%m-%d %H:%M:%S')
{%- endmacro %}

{% macro spark__moment_text(instant) -%}
    date_format({{ instant }}, 'yyyy-MM-dd HH:mm:ss')
{%- endmacro %}
