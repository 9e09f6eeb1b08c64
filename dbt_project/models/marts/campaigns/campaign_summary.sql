-- A campaign of the calendar without any data that landed is left out: it would be a row of nulls.
-- What a source that has not landed would say is null, never 0.
with campaigns as (
    select * from {{ ref('dim_campaign') }}
),

coverage as (
    select * from {{ ref('int_campaign_coverage') }}
),

gifts as (
    select * from {{ ref('int_campaign_gifts') }}
),

matching as (
    select
        campaign_id,
        sum(matching_cny) as matching_cny
    from {{ ref('int_matching_years') }}
    group by campaign_id
),

counties as (
    select
        campaign_id,
        sum(own_county_cny) as own_county_cny,
        sum(of_known_county_cny) as of_known_county_cny
    from {{ ref('int_gift_counties') }}
    group by campaign_id
),

offline as (
    select
        campaign_id,
        coalesce(sum(money_cny), 0) as money_cny,
        coalesce(sum(goods_value_cny), 0) as goods_value_cny,
        coalesce(sum(unstated_cny), 0) as unstated_cny
    from {{ ref('fact_offline_gift') }}
    group by campaign_id
)

select
    campaigns.campaign_id,
    campaigns.name_zh,
    campaigns.program_id,
    campaigns.starts_on,
    campaigns.ends_on,
    coverage.entries,
    cast(coverage.admitted as bigint) as admitted,
    {{ share_of('coverage.admitted', 'coverage.entries') }} as admission_rate,
    coverage.organizations,
    coverage.domains,
    coverage.prefectures_covered,
    coverage.counties_covered,
    coverage.sichuan_39_covered,
    cast(coverage.admitted_of_unknown_county as bigint) as admitted_of_unknown_county,
    gifts.donation_count,
    -- platforms print 人次 by project, not by campaign: see fact_project_snapshot
    cast(null as bigint) as participations,
    gifts.donor_count,
    cast(gifts.gross_cny as decimal(18, 2)) as gross_cny,
    cast(gifts.refunded_cny as decimal(18, 2)) as refunded_cny,
    cast(gifts.net_cny as decimal(18, 2)) as net_cny,
    {{ mean_cny('gifts.net_cny', '(gifts.donation_count - gifts.gifts_of_unknown_net)') }} as avg_cny,
    gifts.gifts_of_unknown_net,
    cast(gifts.unknown_net_cny as decimal(18, 2)) as unknown_net_cny,
    cast(matching.matching_cny as decimal(18, 2)) as matching_cny,
    cast(counties.of_known_county_cny as decimal(18, 2)) as of_known_county_cny,
    {{ share_of('counties.own_county_cny', 'counties.of_known_county_cny') }} as own_county_share,
    cast(offline.money_cny as decimal(18, 2)) as offline_cny,
    cast(offline.goods_value_cny as decimal(18, 2)) as offline_goods_cny,
    cast(offline.unstated_cny as decimal(18, 2)) as offline_unstated_cny,
    incidents.incidents,
    incidents.complaints,
    run.as_of
from campaigns
left join coverage
    on campaigns.campaign_id = coverage.campaign_id
left join gifts
    on campaigns.campaign_id = gifts.campaign_id
left join matching
    on campaigns.campaign_id = matching.campaign_id
left join counties
    on campaigns.campaign_id = counties.campaign_id
left join offline
    on campaigns.campaign_id = offline.campaign_id
left join {{ ref('int_campaign_incidents') }} as incidents
    on campaigns.campaign_id = incidents.campaign_id
cross join {{ source('lake', 'run') }} as run
where
    campaigns.is_registered
    or coverage.campaign_id is not null
    or gifts.campaign_id is not null
    or matching.campaign_id is not null
    or offline.campaign_id is not null
