{#-
  Spark reads no seed: its adapter would type them anew, escape no quote and write null as a text. They
  are tables of DuckDB's, given to the session before dbt starts; here it is only seen that they are.
-#}
{% materialization seed, adapter='spark' %}
    {%- set relation = load_cached_relation(this) -%}
    {%- if relation is none -%}
        {{ exceptions.raise_compiler_error(this ~ ' is not given: DuckDB reads the seeds') }}
    {%- endif -%}
    {%- call noop_statement('main', 'GIVEN') -%}{%- endcall -%}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}
