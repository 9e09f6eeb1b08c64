{#-
  Mean of an amount in yuan over a count, rounded half up to the fen, in whole numbers throughout
  (money is never a float). Null where there is nothing to divide by. The amount is not negative.
-#}
{% macro mean_cny(amount, count) -%}
    {%- set fen = "cast(cast(" ~ amount ~ " as decimal(18, 2)) * 100 as bigint)" -%}
    {{ fen_to_cny(whole_quotient(
        "(2 * " ~ fen ~ " + " ~ count ~ ")", "nullif(2 * " ~ count ~ ", 0)"
    )) }}
{%- endmacro %}
