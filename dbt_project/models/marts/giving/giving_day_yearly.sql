-- A campaign's years. The ratio (23.59 times) and the rate (+22.59) are two columns: printed
-- figures mix them up.
with years as (
    select * from {{ ref('int_giving_years') }}
)

select
    years.campaign_id,
    years.giving_year as year,
    campaigns.name_zh,
    campaigns.program_id,
    years.donation_count,
    -- platforms print 人次 by project, not by campaign: see fact_project_snapshot
    cast(null as bigint) as participations,
    years.donor_count,
    cast(years.gross_cny as decimal(18, 2)) as gross_cny,
    cast(years.refunded_cny as decimal(18, 2)) as refunded_cny,
    cast(years.net_cny as decimal(18, 2)) as net_cny,
    years.donation_count - years.gifts_of_unknown_net as gifts_of_known_net,
    years.gifts_of_unknown_net,
    cast(years.unknown_net_cny as decimal(18, 2)) as unknown_net_cny,
    {{ mean_cny('years.net_cny', '(years.donation_count - years.gifts_of_unknown_net)') }} as avg_cny,
    cast(years.gifts_10_yuan_or_less as bigint) as gifts_10_yuan_or_less,
    {{ share_of('years.gifts_10_yuan_or_less', 'years.donation_count') }} as share_10_yuan_or_less,
    -- a column of its own: in none of the amounts above
    cast(matching.matching_cny as decimal(18, 2)) as matching_cny,
    years.companies,
    years.charities,
    years.projects,
    cast(repeats.repeat_projects as bigint) as repeat_projects,
    {{ share_of('repeats.repeat_projects', 'years.projects') }} as repeat_projects_share,
    editions.previous_campaign_id,
    cast(editions.previous_gross_cny as decimal(18, 2)) as previous_gross_cny,
    {{ ratio_of('years.gross_cny', 'editions.previous_gross_cny') }} as growth_ratio,
    cast(
        {{ ratio_of('years.gross_cny', 'editions.previous_gross_cny') }} - 1 as decimal(18, 6)
    ) as growth_rate,
    run.as_of
from years
inner join {{ ref('dim_campaign') }} as campaigns
    on years.campaign_id = campaigns.campaign_id
left join {{ ref('int_giving_repeats') }} as repeats
    on
        years.campaign_id = repeats.campaign_id
        and years.giving_year = repeats.giving_year
left join {{ ref('int_giving_editions') }} as editions
    on
        years.campaign_id = editions.campaign_id
        and years.giving_year = editions.giving_year
left join {{ ref('int_matching_years') }} as matching
    on
        years.campaign_id = matching.campaign_id
        and years.giving_year = matching.giving_year
cross join {{ source('lake', 'run') }} as run
