{#-
  Bounds of printed figures, compared exactly: a figure is a whole number of millionths, what is
  computed of others a quotient of whole numbers (num / den, den > 0). No figure exceeds 10^12, so
  that a product of two has no more than 38 digits.
-#}
{% macro whole_millionths(figure) -%}
    cast(cast({{ figure }} as decimal(24, 6)) * 1000000 as {{ wide_integer() }})
{%- endmacro %}

{#- True where the printed bound is more (operator >) or less (<) than the computed one, or equal to
    it and one of them is not included. False where either has no bound. -#}
{% macro bound_is_beyond(printed, operator, num, den, both_included) -%}
    coalesce(
        {{ whole_millionths(printed) }} * {{ den }} {{ operator }} {{ num }} * 1000000
        or (
            {{ whole_millionths(printed) }} * {{ den }} = {{ num }} * 1000000
            and not ({{ both_included }})
        ),
        false
    )
{%- endmacro %}

{#- A quotient of whole numbers to six places; `side` is nearest, down or up. Null where it needs
    more than 12 digits before the point. -#}
{% macro six_places(num, den, side='nearest') -%}
    {%- set size = 'abs(' ~ num ~ ') * 1000000' -%}
    {%- if side == 'nearest' -%}
        {%- set parts = whole_quotient('(2 * ' ~ size ~ ' + ' ~ den ~ ')', '(2 * ' ~ den ~ ')') -%}
    {%- else -%}
        {%- set outward = num ~ (' < 0' if side == 'down' else ' > 0') -%}
        {%- set more = 'case when ' ~ outward ~ ' then ' ~ den ~ ' - 1 else 0 end' -%}
        {%- set parts = whole_quotient('(' ~ size ~ ' + ' ~ more ~ ')', den) -%}
    {%- endif -%}
    case
        when {{ parts }} < 1000000000000000000
            then cast(
                cast(sign({{ num }}) as decimal(1, 0)) * cast({{ parts }} as decimal(18, 0))
                * cast(0.000001 as decimal(6, 6)) as decimal(24, 6)
            )
    end
{%- endmacro %}

{#- A figure as people write it: without noughts behind the point. -#}
{% macro figure_text(figure) -%}
    regexp_replace(cast({{ figure }} as {{ dbt.type_string() }}), '[.]?0+$', '')
{%- endmacro %}

{#- One whole in the unit of a claim of growth: 1 time, 100 percent. -#}
{% macro growth_unit() -%}
    case when claims.unit_kind = 'percent' then 100 else 1 end
{%- endmacro %}
