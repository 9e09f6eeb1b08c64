-- What a campaign's gifts come to. Of a gift refunded in part without a readable amount the
-- refund and the net are not known: it is counted, and left out of both.
with gifts as (
    select
        campaign_id,
        count(*) as donation_count,
        sum(amount_cny) as gross_cny,
        sum(refunded_cny) as refunded_cny,
        sum(net_cny) as net_cny,
        count(net_cny) as gifts_of_known_net
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
