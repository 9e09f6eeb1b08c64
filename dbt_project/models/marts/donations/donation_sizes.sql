-- Every band of a campaign or year that has gifts: a band without any is a true 0.
with sizes as (
    select * from {{ ref('int_gifts_by_size') }}
),

totals as (
    select
        scope_type,
        scope_id,
        sum(donation_count) as donation_count,
        sum(gross_cny) as gross_cny,
        max(donor_count) as most_donors
    from sizes
    group by scope_type, scope_id
),

counted as (
    select
        totals.scope_type,
        totals.scope_id,
        bands.*,
        totals.donation_count as of_donations,
        totals.gross_cny as of_gross_cny,
        coalesce(sizes.donation_count, 0) as donation_count,
        case
            when sizes.donation_count is not null then sizes.donor_count
            when totals.most_donors is not null then 0
        end as donor_count,
        coalesce(sizes.gross_cny, 0) as gross_cny
    from totals
    cross join {{ ref('int_amount_bands') }} as bands
    left join sizes
        on
            totals.scope_type = sizes.scope_type
            and totals.scope_id = sizes.scope_id
            and bands.band_no = sizes.band_no
)

select
    counted.scope_type,
    counted.scope_id,
    counted.band_no,
    counted.band_zh,
    counted.band_en,
    counted.above_cny,
    counted.up_to_cny,
    counted.donation_count,
    -- platforms print 人次 by project, without the amounts
    cast(null as bigint) as participations,
    counted.donor_count,
    cast(counted.gross_cny as decimal(18, 2)) as gross_cny,
    cast(counted.of_donations as bigint) as of_donations,
    {{ share_of('counted.donation_count', 'counted.of_donations') }} as share,
    {{ share_of(
        'sum(counted.donation_count) over (partition by counted.scope_type, counted.scope_id'
        ~ ' order by counted.band_no)', 'counted.of_donations'
    ) }} as cumulative_share,
    {{ share_of('counted.gross_cny', 'counted.of_gross_cny') }} as share_of_gross,
    run.as_of
from counted
cross join {{ source('lake', 'run') }} as run
