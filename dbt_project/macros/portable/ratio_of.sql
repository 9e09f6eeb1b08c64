{#-
  How many times another an amount is, to six places; null where there is nothing to compare with.
  A ratio, not money: 23.59 times is a growth rate of 22.59 (+2,259%), which is ratio_of less 1.
-#}
{% macro ratio_of(amount, other) -%}
    {{ exact_quotient(amount, other, places=6, digits=18) }}
{%- endmacro %}
