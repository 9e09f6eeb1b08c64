{#-
  The state of a register: for every value of `scope` (if empty, of all there is) the rows of its
  newest export, and for every `key` in it the row received last. Registers are small; do not use this on gifts.
  relation: ref(…) of the staging model; scope, key: lists of columns. With `told` (column → the
  name that the contract gives it) those that the newest export lacks are as an earlier one says;
  `newest` are then the columns that are taken from the newest row.
-#}
{% macro current_register(relation, scope, key, newest=none, told=none) -%}
    {%- if told is not none -%}
        {{ _register_as_told(relation, scope, key, newest, told) }}
    {%- else -%}
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
                {{ _newest_export_date(scope) }}
            from {{ relation }} as staged
        ) as of_scope
        where of_scope.export_date = of_scope.newest_export_date
    ) as ranked
    where newest_first = 1
    {%- endif -%}
{%- endmacro %}

{% macro _register_as_told(relation, scope, key, newest, told) -%}
    select *
    from (
        select
            together.*,
            {{ _newest_export_date(scope) }}
        from ({{ merged_states(relation, key, newest + of_its_line(), told) }}) as together
    ) as of_scope
    where export_date = newest_export_date
{%- endmacro %}

{% macro _newest_export_date(scope) -%}
    max(export_date) over ({{ 'partition by ' ~ scope | join(', ') if scope }}) as newest_export_date
{%- endmacro %}
