-- Grants of a campaign by year. A grant is of the year of the gift it matches, whenever it was
-- booked; without a gift, of the campaign's day that is nearest to its booking.
with grants as (
    select
        matching.campaign_id,
        matching.matched_cny,
        cast(gifts.paid_at as date) as given_on,
        cast(matching.matched_at as date) as booked_on,
        campaigns.starts_on,
        campaigns.ends_on
    from {{ ref('fact_matching') }} as matching
    left join {{ ref('int_matching_orders') }} as gifts
        on matching.platform_id = gifts.platform_id and matching.order_no = gifts.order_no
    left join {{ ref('dim_campaign') }} as campaigns
        on matching.campaign_id = campaigns.campaign_id
    where matching.campaign_id is not null
),

dated as (
    select
        campaign_id,
        matched_cny,
        case
            when given_on is not null then given_on
            when booked_on < starts_on then starts_on
            when booked_on > ends_on then ends_on
            else booked_on
        end as counts_on
    from grants
)

select
    campaign_id,
    cast(extract(year from counts_on) as integer) as giving_year,
    sum(matched_cny) as matching_cny
from dated
group by campaign_id, cast(extract(year from counts_on) as integer)
