-- Who gave, without who they are. A donor whom one gift shows as anonymous and another does not
-- is the kind that says more.
with gifts as (
    select
        donor_key,
        donor_kind,
        cast(paid_at as date) as given_on
    from {{ ref('fact_donation') }}
    where donor_key <> 'unknown'

    union all

    select
        donor_key,
        donor_kind,
        donated_on as given_on
    from {{ ref('fact_notice_donation') }}
    where donor_key <> 'unknown'
)

select
    donor_key,
    case
        when max(case when donor_kind = 'organization' then 1 else 0 end) = 1 then 'organization'
        when max(case when donor_kind = 'person' then 1 else 0 end) = 1 then 'person'
        else 'anonymous'
    end as donor_kind,
    min(given_on) as first_gift_on
from gifts
group by donor_key

union all

select
    'unknown' as donor_key,
    'anonymous' as donor_kind,
    null as first_gift_on
