{#- A part of a whole as a share to six places; null where the whole is 0 or null. -#}
{% macro share_of(part, whole) -%}
    {{ exact_quotient(part, whole, places=6, digits=9) }}
{%- endmacro %}
