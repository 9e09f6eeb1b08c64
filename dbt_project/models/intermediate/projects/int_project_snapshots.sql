-- A project as an export date shows it: several files of a partition add up, and of a project
-- that two of them hold the row received last counts. A table: three models read it.
{{ config(materialized='table') }}

with ranked as (
    select
        *,
        row_number() over (
            partition by project_no, export_date
            order by received_no desc, source_sheet desc, source_row desc
        ) as newest_first
    from {{ ref('stg_tencent_projects') }}
)

select * from ranked
where newest_first = 1
