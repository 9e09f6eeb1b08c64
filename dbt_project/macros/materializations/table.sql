{#-
  A table and its comments in one transaction, and one round trip. The databases of a build are
  made anew every night, so nothing has to be renamed and dropped; dbt's own way takes a dozen
  statements, and one more for the columns' comments.

  A contract is held against the table that came of the query, not against the query itself: that
  would be planned twice. A model that breaks it fails as before.
-#}
{% materialization table, adapter='duckdb' %}
    {%- set target = this.incorporate(type='table') -%}
    {%- set contract = config.get('contract') -%}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') -%}
        create or replace table {{ target }} as (
            {{ get_select_subquery(compiled_code) if contract.enforced else compiled_code }}
        );
        {{ comments_on(target) }}
    {%- endcall %}
    {%- if contract.enforced -%}
        {{ get_assert_columns_equivalent('select * from ' ~ target) }}
    {%- endif -%}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{#- The yml's words, as `persist_docs` asks for them. -#}
{% macro comments_on(relation) %}
    {%- if config.persist_relation_docs() and model.description %}
        {{ alter_relation_comment(relation, model.description) }}
    {%- endif %}
    {%- if config.persist_column_docs() %}
        {%- for column in model.columns.values() if column.description %}
            comment on column {{ relation }}.{{ adapter.quote(column.name) if column.quote else column.name }}
            is {{ duckdb_escape_comment(column.description) }};
        {%- endfor %}
    {%- endif %}
{% endmacro %}
