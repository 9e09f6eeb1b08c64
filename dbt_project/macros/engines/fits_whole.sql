{#- Whether the whole of a text has a shape, a regular expression that both engines read alike. -#}
{% macro fits_whole(text, shape) -%}
    {{ return(adapter.dispatch('fits_whole', 'juandi')(text, shape)) }}
{%- endmacro %}

{% macro duckdb__fits_whole(text, shape) -%}
    regexp_full_match({{ text }}, '{{ shape }}')
{%- endmacro %}

{#- `\z`: `$` would let a line break follow. -#}
{% macro spark__fits_whole(text, shape) -%}
    {{ text }} rlike r'^(?:{{ shape }})\z'
{%- endmacro %}
