{#-
  Whether the units of the two sides fit a check's kind. Only what they count is compared: 家, 个 and
  支 are counts, and a given number (null) fits whatever it stands beside.
-#}
{% macro units_fit() -%}
    case checks.check_kind
        when 'quotient'
            then
                (
                    claims.unit_kind = 'times'
                    and coalesce(sides.first_kind = sides.second_kind, true)
                )
                or (
                    claims.unit_kind <> 'times'
                    and coalesce(claims.unit_kind = sides.first_kind, true)
                    and coalesce(sides.second_kind = 'count', true)
                )
        when 'percent'
            then
                claims.unit_kind = 'percent'
                and coalesce(sides.first_kind = sides.second_kind, true)
        when 'growth_rate'
            then
                claims.unit_kind in ('percent', 'times')
                and coalesce(sides.first_kind = sides.second_kind, true)
        when 'whole_share'
            then claims.unit_kind = 'percent' and coalesce(sides.first_kind = 'count', true)
        else
            coalesce(claims.unit_kind = sides.least_kind, true)
            and coalesce(claims.unit_kind = sides.greatest_kind, true)
    end
{%- endmacro %}
