{#-
  One row per `key`, merged from its states: each column of `told` from the newest state whose
  table had it, all others from the newest state. `not_told` again lists the columns that no state
  had.
  relation: with column not_told; key, newest: lists of columns; told: column → the name that the
  contract gives it; given: column → a condition, for a state that has it otherwise than by name.
-#}
{% macro merged_states(relation, key, newest, told, given={}) -%}
    {%- set keys = key | join(', ') -%}
    {%- set picked, places, lacking = [], [], ["''"] -%}
    {%- for column in newest -%}
        {%- do picked.append(_at('1', column)) -%}
    {%- endfor -%}
    {%- for column, condition in given.items() -%}
        {%- do picked.append(_at(column ~ '_at', column)) -%}
        {%- do places.append(_place(column, condition, keys)) -%}
    {%- endfor -%}
    {%- for column, name in told.items() -%}
        {%- do picked.append(_at(column ~ '_at', column)) -%}
        {%- do places.append(_place(column, was_told(name), keys)) -%}
        {%- do lacking.append(
            "case when min(" ~ column ~ "_at) is null then ';" ~ name ~ "' else '' end"
        ) -%}
    {%- endfor -%}
    select
        {{ keys }},
        {{ picked | join(',\n        ') }},
        nullif({{ dbt.concat(lacking) }}, '') as not_told
    from (
        select
            ranked.*,
            {{ places | join(',\n            ') }}
        from (
            select
                staged.*,
                row_number() over (
                    partition by {{ keys }}
                    order by {{ newest_first_order() }}
                ) as newest_first
            from {{ relation }} as staged
        ) as ranked
    ) as placed
    group by {{ keys }}
{%- endmacro %}

{% macro newest_first_order() -%}
    export_date desc, received_no desc, source_sheet desc, source_row desc
{%- endmacro %}

{#- What a row carries of the line that it came from, whatever else it is merged of. -#}
{% macro of_its_line() -%}
    {{ return(['export_date', 'received_no', 'source_file_id', 'source_row']) }}
{%- endmacro %}

{#- A column as the state at `place` has it. -#}
{% macro _at(place, column) -%}
    max(case when newest_first = {{ place }} then {{ column }} end) as {{ column }}
{%- endmacro %}

{#- The newest place of a state that has the column. -#}
{% macro _place(column, condition, keys) -%}
    min(case when {{ condition }} then newest_first end) over (partition by {{ keys }})
        as {{ column }}_at
{%- endmacro %}
