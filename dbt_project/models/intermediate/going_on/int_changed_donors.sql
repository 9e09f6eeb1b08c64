-- Of a build that goes on from the last release: who gave a changed order, then or now. Lists are
-- few and are read whole each time, and so their donors, then and now, are among them.
{{ config(materialized='table') }}

with changed as (
    select donor_key from {{ ref('int_replaced_gifts') }}
    union all
    select donor_key from {{ ref('int_gifts') }}
    union all
    select donor_key from {{ source('base', 'notice_donors') }}
    union all
    select donor_key from {{ source('base', 'offline_donors') }}
    union all
    select donor_key from {{ ref('int_listed_gifts') }}
)

select distinct donor_key
from changed
where
    donor_key <> 'unknown'
    {% if not donors_continued() %}
        and false
    {% endif %}
