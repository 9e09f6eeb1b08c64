{#- What a generic test selects. Each is named, for dbt gives a test only the macros it can read of. -#}
{% macro breaks_of(model, test, arguments) -%}
    {%- if test == 'grain' -%}
        {{ test_grain(model, **arguments) }}
    {%- elif test == 'all_present' -%}
        {{ test_all_present(model, **arguments) }}
    {%- elif test == 'not_null' -%}
        {{ test_not_null(model, **arguments) }}
    {%- elif test == 'unique' -%}
        {{ test_unique(model, **arguments) }}
    {%- elif test == 'relationships' -%}
        {{ test_relationships(model, **arguments) }}
    {%- elif test == 'accepted_values' -%}
        {{ test_accepted_values(model, **arguments) }}
    {%- elif test == 'holds' -%}
        {{ test_holds(model, **arguments) }}
    {%- elif test == 'history_is_whole' -%}
        {{ test_history_is_whole(model, **arguments) }}
    {%- elif test == 'as_in_lake' -%}
        {{ test_as_in_lake(model, **arguments) }}
    {%- else -%}
        {{ exceptions.raise_compiler_error('no declared rule is a ' ~ test) }}
    {%- endif -%}
{%- endmacro %}
