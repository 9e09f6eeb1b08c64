{#-
  How many times another an amount is, to six places; null where there is nothing to compare with.
  A ratio, not money: 23.59 times is a growth rate of 22.59 (+2,259%), which is ratio_of less 1.
-#}
{% macro ratio_of(amount, other) -%}
    cast(round(cast({{ amount }} as double) / nullif({{ other }}, 0), 6) as decimal(18, 6))
{%- endmacro %}
