{#- Where a line of a file stands, for models that put several sources under each other. -#}
{% macro file_place() -%}
    export_date,
    received_no,
    source_file_id,
    source_sheet,
    source_row
{%- endmacro %}
