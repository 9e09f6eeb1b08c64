{#-
  On Spark everything is made from nothing, and as a table: it inlines views and CTEs, and to plan
  views over views takes minutes. A published table has the columns and types of its contract; only
  a cast that loses nothing is made for it, any other is an error of the model.
-#}
{% macro made_as_table() -%}
    {%- set before = load_cached_relation(this) -%}
    {%- set relation = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {%- if before is not none -%}{%- do adapter.drop_relation(before) -%}{%- endif -%}
    {%- call statement('main') -%}
        create table {{ relation }} using parquet as
        {{ typed_by_contract(sql) if config.get('contract').enforced else sql }}
    {%- endcall -%}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [relation]}) }}
{%- endmacro %}

{% macro typed_by_contract(query) -%}
    {%- set found, columns, faults = {}, [], [] -%}
    {%- for column in adapter.get_column_schema_from_query(get_empty_subquery_sql(query)) -%}
        {%- do found.update({column.name: column.dtype | lower}) -%}
    {%- endfor -%}
    {%- for name, column in model.columns.items() -%}
        {%- set declared = column.data_type | lower | replace(' ', '') -%}
        {%- if name not in found -%}
            {%- do faults.append(name ~ ' is not made') -%}
        {%- elif not is_kept_in(found[name], declared) -%}
            {%- do faults.append(name ~ ' is ' ~ found[name] ~ ' and not ' ~ declared) -%}
        {%- endif -%}
        {%- do columns.append('cast(' ~ name ~ ' as ' ~ declared ~ ') as ' ~ name) -%}
    {%- endfor -%}
    {%- for name in found if name not in model.columns -%}
        {%- do faults.append(name ~ ' is not declared') -%}
    {%- endfor -%}
    {%- if faults -%}
        {{ exceptions.raise_compiler_error(this ~ ' is not as declared: ' ~ faults | join('; ')) }}
    {%- endif -%}
    select {{ columns | join(', ') }} from ({{ query }}) as made
{%- endmacro %}

{#- Whether every value of a type is one of another: a number that is out of range stops the model. -#}
{% macro is_kept_in(type, wanted) -%}
    {%- set type = {'int': 'integer', 'timestamp_ntz': 'timestamp'}.get(type, type) -%}
    {%- set integers = ['tinyint', 'smallint', 'integer', 'bigint'] -%}
    {%- if type == wanted or type == 'void' -%}
        {{ return(true) }}
    {%- elif type in integers and wanted in integers -%}
        {{ return(integers.index(type) < integers.index(wanted)) }}
    {%- elif type.startswith('decimal') and wanted.startswith('decimal') -%}
        {{ return((type[:-1].split(',')[1] | int) <= (wanted[:-1].split(',')[1] | int)) }}
    {%- endif -%}
    {{ return(false) }}
{%- endmacro %}

{% materialization table, adapter='spark' %}{{ return(made_as_table()) }}{% endmaterialization %}

{% materialization view, adapter='spark' %}{{ return(made_as_table()) }}{% endmaterialization %}

{% materialization incremental, adapter='spark' %}{{ return(made_as_table()) }}{% endmaterialization %}
