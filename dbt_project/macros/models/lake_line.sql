{#- Where a row of the lake comes from, as every staging model hands it on; no sheet is a blank. -#}
{% macro lake_line() -%}
    export_date,
    received_no,
    source_file_id,
    coalesce(source_sheet, '') as source_sheet,
    source_row
{%- endmacro %}
