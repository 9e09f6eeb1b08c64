-- A table: several models read it, and it reads every gift.
{{ config(materialized='table') }}

with gifts as (
    select
        project_no,
        {{ net_sums() }}
    from {{ ref('fact_donation') }}
    group by project_no
)

select
    gifts.*,
    donors.donor_count
from gifts
left join {{ ref('int_donor_counts') }} as donors
    on
        gifts.project_no = donors.scope_id
        and donors.scope_type = 'project'
