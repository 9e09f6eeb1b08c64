-- Gifts by campaign and by year of payment, and by the band of the amount as it was paid.
with gifts as (
    select
        campaign_id,
        cast(extract(year from paid_at) as integer) as giving_year,
        {{ amount_band('amount_cny') }} as band_no,
        count(*) as donation_count,
        sum(amount_cny) as gross_cny
    from {{ ref('fact_donation') }}
    group by
        campaign_id,
        cast(extract(year from paid_at) as integer),
        {{ amount_band('amount_cny') }}
),

sizes as (
    select
        'campaign' as scope_type,
        'campaign_band' as donor_scope,
        campaign_id as scope_id,
        band_no,
        sum(donation_count) as donation_count,
        sum(gross_cny) as gross_cny
    from gifts
    where campaign_id is not null
    group by campaign_id, band_no

    union all

    select
        'year' as scope_type,
        'year_band' as donor_scope,
        cast(giving_year as {{ dbt.type_string() }}) as scope_id,
        band_no,
        sum(donation_count) as donation_count,
        sum(gross_cny) as gross_cny
    from gifts
    group by giving_year, band_no
)

select
    sizes.scope_type,
    sizes.scope_id,
    sizes.band_no,
    cast(sizes.donation_count as bigint) as donation_count,
    donors.donor_count,
    sizes.gross_cny
from sizes
left join {{ ref('int_donor_counts') }} as donors
    on
        sizes.donor_scope = donors.scope_type
        and sizes.scope_id
        = coalesce(donors.scope_id, cast(donors.giving_year as {{ dbt.type_string() }}))
        and cast(sizes.band_no as {{ dbt.type_string() }}) = donors.part
