-- What a campaign's gifts come to. Refund and net of a gift refunded in part without
-- a readable amount are not known: it is counted, and left out of both.
with gifts as (
    select
        campaign_id,
        {{ net_sums() }}
    from {{ ref('fact_donation') }}
    where campaign_id is not null
    group by campaign_id
)

select
    gifts.*,
    donors.donor_count
from gifts
left join {{ ref('int_donor_counts') }} as donors
    on
        gifts.campaign_id = donors.scope_id
        and donors.scope_type = 'campaign'
