{#- A row's grain as text: `campaign_id=99-2020;year=2020`, in the order of the grain. -#}
{% macro row_key(grain) -%}
    {%- set parts = [] -%}
    {%- for column in grain -%}
        {%- do parts.append("'" ~ (';' if not loop.first else '') ~ column ~ "='") -%}
        {%- do parts.append("coalesce(cast(" ~ column ~ " as " ~ dbt.type_string() ~ "), '')") -%}
    {%- endfor -%}
    {{ dbt.concat(parts) }}
{%- endmacro %}
