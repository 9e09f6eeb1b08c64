-- The whole of a year, what a band gives and what a band receives are the three denominators.
-- 东:中 and 东:西 compare what the bands receive, wherever it comes from.
with flows as (
    select
        *,
        sum(gross_cny) over (partition by giving_year) as year_gross_cny,
        sum(gross_cny) over (partition by giving_year, donor_band) as given_by_band_cny,
        sum(gross_cny) over (partition by giving_year, project_band) as received_by_band_cny,
        sum(case when project_band = '东部' then gross_cny end) over (
            partition by giving_year
        ) as received_east_cny,
        sum(case when project_band = '中部' then gross_cny end) over (
            partition by giving_year
        ) as received_centre_cny,
        sum(case when project_band = '西部' then gross_cny end) over (
            partition by giving_year
        ) as received_west_cny
    from {{ ref('int_regional_flows') }}
)

select
    flows.giving_year as year,
    flows.donor_band,
    flows.project_band,
    flows.donation_count,
    -- platforms print 人次 by project, without where the donors are
    cast(null as bigint) as participations,
    flows.donor_count,
    cast(flows.gross_cny as decimal(18, 2)) as gross_cny,
    cast(flows.year_gross_cny as decimal(18, 2)) as year_gross_cny,
    cast(flows.given_by_band_cny as decimal(18, 2)) as given_by_band_cny,
    cast(flows.received_by_band_cny as decimal(18, 2)) as received_by_band_cny,
    {{ share_of('flows.gross_cny', 'flows.year_gross_cny') }} as share_of_year,
    {{ share_of('flows.gross_cny', 'flows.given_by_band_cny') }} as share_of_given,
    {{ share_of('flows.gross_cny', 'flows.received_by_band_cny') }} as share_of_received,
    {{ ratio_of('flows.received_east_cny', 'flows.received_centre_cny') }} as received_east_to_centre,
    {{ ratio_of('flows.received_east_cny', 'flows.received_west_cny') }} as received_east_to_west,
    run.as_of
from flows
cross join {{ source('lake', 'run') }} as run
