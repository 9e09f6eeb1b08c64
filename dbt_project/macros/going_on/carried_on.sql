{#-
  What the macro `count` finds of the fact's gifts. Where the build goes on from the last release:
  what was found then (`before`, a table of schema base), less what the donors whose gifts changed
  stood for then, and what they stand for now. Donors share no gift, so the sums stay exact.

  `by` are the columns that a count is of, `sums` its numbers with their types; where the first
  of them comes to none there is no row.
-#}
{% macro carried_on(count, before, by, sums) -%}
    {%- set gifts_then, gifts_now = ref('int_gifts_before'), ref('int_gifts_of_changed_donors') -%}
    {%- set gifts, scope, numbers = ref('fact_donation'), by | join(', '), sums | list -%}
    {%- set less, summed = [], [] -%}
    {%- for number, type in sums.items() -%}
        {%- do less.append('-' ~ number ~ ' as ' ~ number) -%}
        {%- do summed.append('cast(sum(' ~ number ~ ') as ' ~ type ~ ') as ' ~ number) -%}
    {%- endfor -%}
    {%- if not donors_continued() -%}
        {{ count(gifts) }}
    {%- else -%}
        with parts as (
            select {{ scope }}, {{ numbers | join(', ') }}
            from {{ source('base', before) }}

            union all

            select {{ scope }}, {{ less | join(', ') }}
            from ({{ count(gifts_then) }}) as counted_then

            union all

            select {{ scope }}, {{ numbers | join(', ') }}
            from ({{ count(gifts_now) }}) as counted_now
        )

        select {{ scope }}, {{ summed | join(', ') }}
        from parts
        group by {{ scope }}
        having sum({{ numbers[0] }}) <> 0
    {%- endif -%}
{%- endmacro %}
