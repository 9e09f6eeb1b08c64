-- Of a build that goes on from the last release: the donors whose row is made anew. Notices are
-- few and are read whole each time; so are their donors, then and now. The unknown one is among
-- them, for every build appends it.
{{ config(materialized='table') }}

with renewed as (
    select donor_key from {{ ref('int_changed_donors') }}
    union all
    select donor_key from {{ source('base', 'notice_donors') }}
    union all
    select donor_key from {{ ref('fact_notice_donation') }}
    union all
    select 'unknown' as donor_key
)

select distinct donor_key
from renewed
{% if not donors_continued() %}
    where false
{% endif %}
