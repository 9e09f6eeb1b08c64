{#-
  Whether the table that a row stood in had this column of its contract. A column that an export
  lacks says nothing; a blank in one that is there is a blank. `not_told` of the lake lists the columns
  that were lacking, null if none.
-#}
{% macro was_told(name) -%}
    (not_told is null or ';' || not_told || ';' not like '%;{{ name }};%')
{%- endmacro %}
