{#- Whether `bits` has `bit`, itself one of the powers of two. -#}
{% macro has_bit(bits, bit) -%}
    ({{ bits }} & {{ bit }}) <> 0
{%- endmacro %}
