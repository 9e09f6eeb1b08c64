{#-
  人: distinct pseudonyms; null, not 0, where no row carries one. `condition` narrows the rows.
-#}
{% macro count_donors(donor_key='donor_key') -%}
    nullif(count(distinct nullif({{ donor_key }}, 'unknown')), 0)
{%- endmacro %}
