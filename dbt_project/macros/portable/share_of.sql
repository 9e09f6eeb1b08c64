{#- A part of a whole as a share to six places; null where the whole is 0 or null. -#}
{% macro share_of(part, whole) -%}
    cast(round(cast({{ part }} as double) / nullif({{ whole }}, 0), 6) as decimal(9, 6))
{%- endmacro %}
