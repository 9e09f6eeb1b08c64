{#-
  An incremental strategy: of a table that the build has carried over from the last release, the rows
  are made anew whose key is among those that changed; the others stay. The model says with
  `meta.renewed` which: `among` names the model that lists the keys, `by` its columns. Where the
  table is not there (the build starts from nothing) dbt makes it whole, and asks no strategy.
-#}
{% macro get_incremental_renewed_sql(arg_dict) -%}
    {%- set renewed = model.config.meta.renewed -%}
    {%- set key = renewed.by | join(', ') -%}
    delete from {{ arg_dict['target_relation'] }}
    where ({{ key }}) in (select {{ key }} from {{ ref(renewed.among) }});
    {{ get_incremental_append_sql(arg_dict) }}
{%- endmacro %}
