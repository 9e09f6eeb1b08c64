{#- The sum of a group of which every value is known; null if one is not: a part is not the whole. -#}
{% macro sum_if_known(column) -%}
    case when count({{ column }}) = count(*) then sum({{ column }}) end
{%- endmacro %}
