-- The summary, the days and the sizes of a campaign come to the same gifts as the fact.
{{ config(meta={
    'rule_id': 'campaign_marts.agree_with_fact',
    'zh': '活动总览、每日与金额分布须与捐赠事实一致',
    'en': 'A campaign summary, its days and its sizes agree with the fact',
}) }}

with fact as (
    select
        campaign_id,
        count(*) as gifts,
        sum(amount_cny) as gross_cny,
        sum(net_cny) as net_cny
    from {{ ref('fact_donation') }}
    where campaign_id is not null
    group by campaign_id
),

days as (
    select
        campaign_id,
        sum(donation_count) as gifts,
        sum(gross_cny) as gross_cny,
        sum(net_cny) as net_cny,
        max(date_day) as last_day
    from {{ ref('campaign_daily') }}
    group by campaign_id
),

sizes as (
    select
        scope_id as campaign_id,
        sum(donation_count) as gifts,
        sum(gross_cny) as gross_cny,
        max(cumulative_share) as cumulative_share
    from {{ ref('donation_sizes') }}
    where scope_type = 'campaign'
    group by scope_id
)

select
    fact.campaign_id,
    fact.gifts,
    summary.donation_count as gifts_in_summary,
    days.gifts as gifts_in_days,
    sizes.gifts as gifts_in_sizes
from fact
left join {{ ref('campaign_summary') }} as summary
    on fact.campaign_id = summary.campaign_id
left join days
    on fact.campaign_id = days.campaign_id
left join {{ ref('campaign_daily') }} as last_days
    on
        days.campaign_id = last_days.campaign_id
        and days.last_day = last_days.date_day
left join sizes
    on fact.campaign_id = sizes.campaign_id
where
    coalesce(summary.donation_count, -1) <> fact.gifts
    or coalesce(summary.gross_cny, -1) <> fact.gross_cny
    or coalesce(summary.net_cny, -1) <> coalesce(fact.net_cny, -1)
    or coalesce(days.gifts, -1) <> fact.gifts
    or coalesce(days.gross_cny, -1) <> fact.gross_cny
    or coalesce(last_days.cumulative_cny, -1) <> coalesce(fact.net_cny, -1)
    or coalesce(sizes.gifts, -1) <> fact.gifts
    or coalesce(sizes.gross_cny, -1) <> fact.gross_cny
    or coalesce(sizes.cumulative_share, -1) <> 1
