{#-
  The newest state of every `key` of a dated export: the newest partition, then the file received
  last, then the later row. For exports of moderate size; gifts have int_orders.
  relation: ref(…) of the staging model; key: list of columns.
-#}
{% macro newest_state(relation, key) -%}
    select *
    from (
        select
            staged.*,
            row_number() over (
                partition by {{ key | join(', ') }}
                order by export_date desc, received_no desc, source_sheet desc, source_row desc
            ) as newest_first
        from {{ relation }} as staged
    ) as ranked
    where newest_first = 1
{%- endmacro %}
