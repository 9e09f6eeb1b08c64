{#-
  A row for each number of a row of a mart, as a record: mart_column, unit_kind (what it counts),
  value to six places. figures: list of {column, unit_kind, is_share}; a share is told in percent.
-#}
{% macro each_figure(figures) -%}
    {{ return(adapter.dispatch('each_figure', 'juandi')(figures)) }}
{%- endmacro %}

{% macro duckdb__each_figure(figures) -%}
    {%- set rows = [] -%}
    {%- for figure in figures -%}
        {%- do rows.append(
            "{'mart_column': '" ~ figure.column ~ "', 'unit_kind': '" ~ figure.unit_kind
            ~ "', 'value': " ~ figure_value(figure) ~ "}"
        ) -%}
    {%- endfor -%}
    unnest([{{ rows | join(', ') }}])
{%- endmacro %}

{% macro spark__each_figure(figures) -%}
    {%- set rows = [] -%}
    {%- for figure in figures -%}
        {%- do rows.append(
            "named_struct('mart_column', '" ~ figure.column ~ "', 'unit_kind', '" ~ figure.unit_kind
            ~ "', 'value', " ~ figure_value(figure) ~ ")"
        ) -%}
    {%- endfor -%}
    explode(array({{ rows | join(', ') }}))
{%- endmacro %}

{% macro figure_value(figure) -%}
    cast({{ figure.column }}{{ ' * 100' if figure.is_share }} as decimal(24, 6))
{%- endmacro %}
