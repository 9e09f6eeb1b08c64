{#-
  Dated exports in which a column of `told` that an export lacks says what the one before it said.
  Only keys whose exports differ in their columns are looked at. Adds no row and no column.
  relation: a CTE with one row per key and export_date, and not_told; key: a column; kept: the
  columns that stay as they are; told: column → the name that the contract gives it.
-#}
{% macro carried_forward(relation, key, kept, told) -%}
    {%- set carried, days = [], [] -%}
    {%- for column, name in told.items() -%}
        {%- do carried.append(
            'first_value(' ~ column ~ ') over (partition by ' ~ key ~ ', ' ~ column
            ~ '_on order by export_date) as ' ~ column
        ) -%}
        {%- do days.append(
            'max(case when ' ~ was_told(name) ~ ' then export_date end) over (partition by ' ~ key
            ~ ' order by export_date) as ' ~ column ~ '_on'
        ) -%}
    {%- endfor -%}
    select
        {{ key }},
        {{ kept | join(', ') }},
        {{ told.keys() | join(', ') }}
    from {{ relation }}
    where {{ key }} not in ({{ _told_unevenly(relation, key) }})

    union all

    select
        {{ key }},
        {{ kept | join(', ') }},
        {{ carried | join(',\n        ') }}
    from (
        select
            dated.*,
            {{ days | join(',\n            ') }}
        from {{ relation }} as dated
        where {{ key }} in ({{ _told_unevenly(relation, key) }})
    ) as placed
{%- endmacro %}

{% macro _told_unevenly(relation, key) -%}
    select {{ key }}
    from {{ relation }}
    group by {{ key }}
    having min(coalesce(not_told, '')) <> max(coalesce(not_told, ''))
{%- endmacro %}
