{#-
  A narrow number that is equal for equal columns, for finding what may occur twice without holding
  every key in memory. Collisions happen: look at the columns themselves next.
-#}
{% macro row_hash(columns) -%}
    {{ return(adapter.dispatch('row_hash', 'juandi')(columns)) }}
{%- endmacro %}

{% macro duckdb__row_hash(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}

{% macro spark__row_hash(columns) -%}
    xxhash64({{ columns | join(', ') }})
{%- endmacro %}
