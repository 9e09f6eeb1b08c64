{#-
  A quotient as an exact DECIMAL(digits, places), in whole numbers throughout: engines divide
  decimals as floats, and 0.1305485 came out at 0.130548. Halves in the last place are rounded away
  from zero. Both sides are counts or yuan: two places at most. Null where one is null or the
  divisor is 0, and where the quotient needs more digits: an odd pair of figures stops no release.
-#}
{% macro exact_quotient(dividend, divisor, places, digits) -%}
    {%- set above = "abs(" ~ whole_fen(dividend) ~ ")" -%}
    {%- set below = "nullif(abs(" ~ whole_fen(divisor) ~ "), 0)" -%}
    {%- set parts = whole_quotient(
        "(" ~ above ~ " * " ~ 2 * 10 ** places ~ " + " ~ below ~ ")", "(2 * " ~ below ~ ")"
    ) -%}
    {%- set sign = "case when (" ~ dividend ~ " < 0) <> (" ~ divisor ~ " < 0) then -1 else 1 end" -%}
    case
        when {{ parts }} < {{ 10 ** digits }}
            then cast(
                cast({{ sign }} * {{ parts }} as decimal({{ digits }}, 0))
                * cast({{ '0.' ~ '0' * (places - 1) ~ '1' }} as decimal({{ places }}, {{ places }}))
                as decimal({{ digits }}, {{ places }})
            )
    end
{%- endmacro %}

{#- Yuan (or a count) as whole fen, in a type of 38 digits. -#}
{% macro whole_fen(amount) -%}
    cast(cast({{ amount }} as decimal(28, 2)) * 100 as {{ wide_integer() }})
{%- endmacro %}
