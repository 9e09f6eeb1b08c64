{#-
  Mean of an amount in yuan over a count, to the fen; null where there is nothing to divide by.
-#}
{% macro mean_cny(amount, count) -%}
    {{ exact_quotient(amount, count, places=2, digits=18) }}
{%- endmacro %}
