{#-
  A test counts first, and keeps its failing rows (`store_failures`) only where there are any:
  dbt's own way makes a table of every test, some 270 a night, to find nearly all of them empty.
-#}
{% materialization test, adapter='duckdb' %}
    {%- set relations = [] -%}
    {%- set failing = get_limit_subquery_sql(sql, config.get('limit')) -%}
    {% call statement('main', fetch_result=true, auto_begin=false) -%}
        {{ get_test_sql(failing, config.get('fail_calc'), config.get('warn_if'), config.get('error_if'), limit=none) }}
    {%- endcall %}
    {%- if execute and should_store_failures() and load_result('main')['data'][0][0] -%}
        {%- set target = this.incorporate(type='table') -%}
        {% call statement('failing_rows') -%}
            create or replace table {{ target }} as ({{ failing }})
        {%- endcall %}
        {{ adapter.commit() }}
        {%- do relations.append(target) -%}
    {%- endif -%}
    {{ return({'relations': relations}) }}
{% endmaterialization %}
