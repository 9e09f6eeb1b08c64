{#-
  The state of a register: of every value of `scope` the rows of its newest export, and there of
  every `key` the row received last. Registers are small; do not use this on gifts.
  relation: ref(…) of the staging model; scope, key: lists of columns.
-#}
{% macro current_register(relation, scope, key) -%}
    select *
    from (
        select
            of_scope.*,
            row_number() over (
                partition by {{ key | join(', ') }}
                order by received_no desc, source_sheet desc, source_row desc
            ) as newest_first
        from (
            select
                staged.*,
                max(staged.export_date) over (
                    partition by {{ scope | join(', ') }}
                ) as newest_export_date
            from {{ relation }} as staged
        ) as of_scope
        where of_scope.export_date = of_scope.newest_export_date
    ) as ranked
    where newest_first = 1
{%- endmacro %}
