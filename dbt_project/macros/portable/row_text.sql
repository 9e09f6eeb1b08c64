{#-
  Columns as one text: equal texts, equal values. Null differs from a blank; the unit separator
  that stands between two columns occurs in no cleaned value.
-#}
{% macro row_text(columns) -%}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- do parts.append("coalesce(cast(" ~ column ~ " as " ~ dbt.type_string() ~ "), '␀')") -%}
        {%- if not loop.last -%}{%- do parts.append("'␟'") -%}{%- endif -%}
    {%- endfor -%}
    {{ dbt.concat(parts) }}
{%- endmacro %}
