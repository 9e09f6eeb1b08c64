-- A project's history, from its dated exports; what it raised so far is a fact, not tracked here.
-- A column that an export lacks keeps the value of the export before.
-- A table: several models read it, and it is far smaller than the snapshots.
{{ config(materialized='table') }}

with snapshots as (
    select * from {{ ref('int_project_snapshots') }}
),

carried as (
    {{ carried_forward(
        'snapshots', 'project_no',
        kept=['export_date', 'name', 'initiator_name', 'state', 'target_cny'],
        told=project_columns_told()
    ) }}
)

{{ type_2_versions('carried', 'project_no', [
    'name', 'category', 'sub_category', 'initiator_uscc', 'initiator_name', 'supporter_uscc',
    'supporter_name', 'filing_no', 'region_code', 'target_cny', 'state', 'approved_on',
    'starts_on', 'ends_on', 'parent_project_no',
]) }}
