{#- Where a row of the lake comes from, as every staging model passes it on; without a sheet, an empty text. -#}
{% macro lake_line() -%}
    export_date,
    received_no,
    source_file_id,
    coalesce(source_sheet, '') as source_sheet,
    source_row
{%- endmacro %}
