-- An organisation's history, from the dated exports of the register. A table: several models
-- read it.
{{ config(materialized='table') }}

with ranked as (
    select
        *,
        row_number() over (
            partition by uscc, export_date
            order by received_no desc, source_sheet desc, source_row desc
        ) as newest_first
    from {{ ref('stg_organizations') }}
),

snapshots as (
    select * from ranked
    where newest_first = 1
)

{{ type_2_versions('snapshots', 'uscc', [
    'name', 'former_names', 'kind', 'can_fundraise_publicly', 'registration_authority', 'level',
    'region_code', 'founded_on',
]) }}
