{#-
  A region as star has it: its code if there is such a code, `unknown` where something else was
  printed, and beside it that text. known: the code as the table of regions has it, else null.
-#}
{% macro known_region(printed, known) -%}
    case when {{ printed }} is not null then coalesce({{ known }}, 'unknown') end
{%- endmacro %}

{% macro region_text(printed, known) -%}
    case when {{ known }} is null then {{ printed }} end
{%- endmacro %}
