{#-
  Of every `key` one row, as its states say it together: each column of `told` from the newest
  state whose table had it, all others of the newest state. Which columns none of them had is said
  in `not_told` again.
  relation: with column not_told; key, newest: lists of columns; told: column → the name that the
  contract gives it; given: column → a condition, for a state that has it otherwise than by name.
-#}
{% macro merged_states(relation, key, newest, told, given={}, order_by=newest_first_order()) -%}
    {%- set conditions = dict(given) -%}
    {%- for column, name in told.items() -%}
        {%- do conditions.update({column: was_told(name)}) -%}
    {%- endfor -%}
    select
        {{ key | join(', ') }},
        {%- for column in newest %}
        max(case when newest_first = 1 then {{ column }} end) as {{ column }},
        {%- endfor %}
        {%- for column in conditions %}
        max(case when newest_first = {{ column }}_at then {{ column }} end) as {{ column }},
        {%- endfor %}
        nullif({{ dbt.concat(_told_by_none(told)) }}, '') as not_told
    from (
        select
            ranked.*
            {%- for column, condition in conditions.items() %},
            min(case when {{ condition }} then newest_first end) over (
                partition by {{ key | join(', ') }}
            ) as {{ column }}_at
            {%- endfor %}
        from (
            select
                staged.*,
                row_number() over (
                    partition by {{ key | join(', ') }}
                    order by {{ order_by }}
                ) as newest_first
            from {{ relation }} as staged
        ) as ranked
    ) as placed
    group by {{ key | join(', ') }}
{%- endmacro %}

{% macro newest_first_order() -%}
    export_date desc, received_no desc, source_sheet desc, source_row desc
{%- endmacro %}

{#- What a row carries of the line that it came from, whatever else it is merged of. -#}
{% macro of_its_line() -%}
    {{ return(['export_date', 'received_no', 'source_file_id', 'source_row']) }}
{%- endmacro %}

{% macro _told_by_none(told) -%}
    {%- set parts = ["''"] -%}
    {%- for column, name in told.items() -%}
        {%- do parts.append(
            "case when min(" ~ column ~ "_at) is null then ';" ~ name ~ "' else '' end"
        ) -%}
    {%- endfor -%}
    {{ return(parts) }}
{%- endmacro %}
