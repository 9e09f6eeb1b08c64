{#- Key of a version of a type-2 dimension: `<business key>@2024-08-02`, the same in every build. -#}
{% macro version_key(business_key, valid_from) -%}
    {{ dbt.concat([business_key, "'@'", "cast(" ~ valid_from ~ " as " ~ dbt.type_string() ~ ")"]) }}
{%- endmacro %}
