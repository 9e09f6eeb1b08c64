-- Days on which a gift of the campaign was paid; a refund counts on the day of its gift.
with days as (
    select
        campaign_id,
        cast(paid_at as date) as date_day,
        {{ net_sums() }}
    from {{ ref('fact_donation') }}
    where campaign_id is not null
    group by campaign_id, cast(paid_at as date)
)

select
    days.campaign_id,
    days.date_day,
    {{ date_key('days.date_day') }} as date_key,
    days.donation_count,
    -- platforms print 人次 by project, not by campaign and day
    cast(null as bigint) as participations,
    donors.donor_count,
    cast(days.gross_cny as decimal(18, 2)) as gross_cny,
    cast(days.refunded_cny as decimal(18, 2)) as refunded_cny,
    cast(days.net_cny as decimal(18, 2)) as net_cny,
    days.gifts_of_unknown_net,
    cast(days.unknown_net_cny as decimal(18, 2)) as unknown_net_cny,
    cast(sum(days.net_cny) over (
        partition by days.campaign_id order by days.date_day
    ) as decimal(18, 2)) as cumulative_cny,
    run.as_of
from days
left join {{ ref('int_donor_counts') }} as donors
    on
        days.campaign_id = donors.scope_id
        and {{ date_key('days.date_day') }} = donors.date_key
        and donors.scope_type = 'campaign_day'
cross join {{ source('lake', 'run') }} as run
