-- What a campaign's gifts come to.
select
    campaign_id,
    count(*) as donation_count,
    {{ count_donors() }} as donor_count,
    sum(amount_cny) as gross_cny,
    sum(refunded_cny) as refunded_cny,
    sum(net_cny) as net_cny
from {{ ref('fact_donation') }}
where campaign_id is not null
group by campaign_id
