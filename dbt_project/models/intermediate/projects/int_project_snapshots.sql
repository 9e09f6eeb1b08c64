-- A project as an export date shows it: the files of a partition add up, and of a project in
-- several of them the row received last counts, in the columns that its table had.
-- A table: several models read it.
{{ config(materialized='table') }}

{{ merged_states(
    ref('stg_tencent_projects'), ['project_no', 'export_date'],
    newest=[
        'name', 'initiator_name', 'state', 'target_cny',
        'received_no', 'source_file_id', 'source_sheet', 'source_row',
    ],
    told=project_columns_told()
) }}
