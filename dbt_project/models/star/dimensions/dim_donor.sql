-- Who gave, without saying who they are. A donor who is anonymous in one gift and not in another is
-- of the kind that says more.
{{ config(
    materialized='incremental',
    incremental_strategy='renewed',
    on_schema_change='fail',
    meta={'renewed': {'among': 'int_renewed_donors', 'by': ['donor_key']}},
) }}
-- depends_on: {{ ref('int_renewed_donors') }}

with gifts as (
    select
        donor_key,
        donor_kind,
        cast(paid_at as date) as given_on
    from {{ ref('int_donor_gifts_at_hand') }}
    where donor_key <> 'unknown'

    union all

    select
        donor_key,
        donor_kind,
        given_on
    from {{ ref('int_listed_gifts') }}
    where donor_key <> 'unknown'
),

-- one number per donor, instead of comparing two texts for every gift: the kind that says most
donors as (
    select
        gifts.donor_key,
        max(case gifts.donor_kind when 'organization' then 2 when 'person' then 1 else 0 end) as kind_no,
        min(gifts.given_on) as first_gift_on
    from gifts
    group by gifts.donor_key
)

select
    donor_key,
    case kind_no when 2 then 'organization' when 1 then 'person' else 'anonymous' end as donor_kind,
    first_gift_on
from donors

union all

select
    'unknown' as donor_key,
    'anonymous' as donor_kind,
    null as first_gift_on
