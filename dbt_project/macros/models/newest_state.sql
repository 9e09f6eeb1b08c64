{#-
  The newest state of every `key` of a dated export: the newest partition, then the file received
  last, then the later row. For exports of moderate size; gifts have int_orders.
  relation: ref(…) of the staging model; key: list of columns. With `told` (column → the name that
  the contract gives it) those that the newest export lacks are as an earlier one says; `newest` are
  then the columns that are taken from the newest row.
-#}
{% macro newest_state(relation, key, newest=none, told=none) -%}
    {%- if told is not none -%}
        {{ merged_states(relation, key, newest + of_its_line(), told) }}
    {%- else -%}
    select *
    from (
        select
            staged.*,
            row_number() over (
                partition by {{ key | join(', ') }}
                order by {{ newest_first_order() }}
            ) as newest_first
        from {{ relation }} as staged
    ) as ranked
    where newest_first = 1
    {%- endif -%}
{%- endmacro %}
