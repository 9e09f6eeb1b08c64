{#-
  A table or view takes the place of the one of its name, in one transaction: a build nobody reads yet,
  or a scratch of one's own. dbt-duckdb makes either under another name, moves the old one aside,
  renames and drops: two more statements and two more contexts of all macros, half of what a small
  model costs. A model that reads its own last rows is incremental.
-#}
{% macro made_in_place(type) -%}
    {%- set before = load_cached_relation(this) -%}
    {%- set relation = this.incorporate(type=type) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- call statement('main') -%}
        {%- if before is not none %}drop {{ before.type }} if exists {{ before }};{% endif -%}
        {{ create_view_as(relation, sql) if type == 'view' else create_table_as(False, relation, sql) }}
    {%- endcall -%}
    {%- do create_indexes(relation) if type == 'table' -%}
    {%- do persist_docs(relation, model) -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do adapter.commit() -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [relation]}) }}
{%- endmacro %}

{% materialization view, adapter='duckdb' %}{{ return(made_in_place('view')) }}{% endmaterialization %}

{% materialization table, adapter='duckdb' %}{{ return(made_in_place('table')) }}{% endmaterialization %}
