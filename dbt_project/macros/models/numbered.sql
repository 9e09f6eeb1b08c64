{#-
  A register whose lines may lack a number of their own, with `line_number`: the number, else the
  line's file, sheet and row, for two equal lines without one are two.
  relation: of the lake; number: its column.
-#}
{% macro numbered(relation, number) -%}
    (
        select
            *,
            coalesce({{ number }}, {{ dbt.concat([
                "source_file_id", "'#'", "coalesce(source_sheet, '')", "'#'",
                "cast(source_row as " ~ dbt.type_string() ~ ")",
            ]) }}) as line_number
        from {{ relation }}
    )
{%- endmacro %}
