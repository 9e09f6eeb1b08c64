{#-
  The distinct values of a group as one text, sorted and set apart by `between`: the same text
  whatever the order of rows. Null where there is none.
-#}
{% macro sorted_list(value, between=';') -%}
    {{ return(adapter.dispatch('sorted_list', 'juandi')(value, between)) }}
{%- endmacro %}

{% macro duckdb__sorted_list(value, between) -%}
    string_agg(distinct {{ value }}, '{{ between }}' order by {{ value }})
{%- endmacro %}

{#- Not its `listagg`: with `distinct` and an order it cannot be planned beside other distinct ones. -#}
{% macro spark__sorted_list(value, between) -%}
    case
        when count({{ value }}) > 0
            then array_join(array_sort(collect_set({{ value }})), '{{ between }}')
    end
{%- endmacro %}
