{#-
  Whole fen → exact yuan, DECIMAL(18,2); null stays null. Multiplied, for DuckDB divides decimals
  as floats. 16 digits times (2,2) is exactly 18 digits: a larger amount is an error, never wrong.
-#}
{% macro fen_to_cny(column) -%}
    cast(cast({{ column }} as decimal(16, 0)) * cast(0.01 as decimal(2, 2)) as decimal(18, 2))
{%- endmacro %}
