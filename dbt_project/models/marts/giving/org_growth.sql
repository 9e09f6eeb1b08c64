-- An initiator's years. Growth is against the calendar year before; a gap between years leaves it
-- null. 30万元以下 includes 300,000.00.
with years as (
    select
        *,
        min(giving_year) over (partition by uscc) as first_online_year,
        lag(giving_year) over (partition by uscc order by giving_year) as last_year,
        lag(net_cny) over (partition by uscc order by giving_year) as last_net_cny
    from {{ ref('int_organization_years') }}
),

compared as (
    select
        *,
        case when last_year = giving_year - 1 and uscc <> 'unknown' then last_net_cny end
            as previous_raised_cny
    from years
)

select
    compared.uscc,
    compared.giving_year as year,
    compared.name,
    compared.donation_count,
    -- platforms print 人次 by project, and by export date, not by year
    cast(null as bigint) as participations,
    compared.donor_count,
    cast(compared.gross_cny as decimal(18, 2)) as gross_cny,
    cast(compared.refunded_cny as decimal(18, 2)) as refunded_cny,
    cast(compared.net_cny as decimal(18, 2)) as raised_cny,
    compared.gifts_of_unknown_net,
    cast(compared.unknown_net_cny as decimal(18, 2)) as unknown_net_cny,
    cast(compared.previous_raised_cny as decimal(18, 2)) as previous_raised_cny,
    {{ ratio_of('compared.net_cny', 'compared.previous_raised_cny') }} as growth_ratio,
    cast({{ ratio_of('compared.net_cny', 'compared.previous_raised_cny') }} - 1 as decimal(18, 6))
        as growth_rate,
    cast(compared.of_known_county_cny as decimal(18, 2)) as of_known_county_cny,
    cast(compared.of_split_county_cny as decimal(18, 2)) as of_split_county_cny,
    {{ share_of('compared.own_county_cny', 'compared.of_known_county_cny') }} as own_county_share,
    case when compared.uscc <> 'unknown' then compared.first_online_year end as first_online_year,
    case when compared.uscc <> 'unknown' then compared.net_cny <= 300000.00 end as below_300k,
    run.as_of
from compared
cross join {{ source('lake', 'run') }} as run
