{#-
  Whole part of a quotient of whole numbers, none of them below 0; every engine spells it differently.
  Spark's `div` gives a bigint and drops what does not fit in silence, and its `/` rounds: so what is
  left over is taken off first, and the rest divides exactly. Null there beyond 20 digits.
-#}
{% macro whole_quotient(dividend, divisor) -%}
    {{ return(adapter.dispatch('whole_quotient', 'juandi')(dividend, divisor)) }}
{%- endmacro %}

{% macro duckdb__whole_quotient(dividend, divisor) -%}
    ({{ dividend }} // {{ divisor }})
{%- endmacro %}

{% macro spark__whole_quotient(dividend, divisor) -%}
    {%- set above = 'cast(' ~ dividend ~ ' as ' ~ wide_integer() ~ ')' -%}
    {%- set below = 'cast(' ~ divisor ~ ' as ' ~ wide_integer() ~ ')' -%}
    cast(try_divide({{ above }} - {{ above }} % {{ below }}, {{ below }}) as {{ wide_integer() }})
{%- endmacro %}
