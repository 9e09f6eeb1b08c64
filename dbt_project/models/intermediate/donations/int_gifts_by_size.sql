-- Gifts by campaign and by year of payment, and by the band of the amount as it was paid.
-- Millions of gifts have few different amounts: those are put into bands, not each gift.
with amounts as (
    select distinct amount_cny
    from {{ ref('fact_donation') }}
),

banded as (
    select
        amounts.amount_cny,
        bands.band_no
    from amounts
    inner join {{ ref('int_amount_bands') }} as bands
        on
            amounts.amount_cny > bands.above_cny
            and amounts.amount_cny <= coalesce(bands.up_to_cny, amounts.amount_cny)
),

gifts as (
    select
        donations.campaign_id,
        cast(extract(year from donations.paid_at) as {{ dbt.type_string() }}) as paid_year,
        banded.band_no,
        donations.donor_key,
        donations.amount_cny
    from {{ ref('fact_donation') }} as donations
    inner join banded
        on donations.amount_cny = banded.amount_cny
)

select
    'campaign' as scope_type,
    campaign_id as scope_id,
    band_no,
    count(*) as donation_count,
    {{ count_donors() }} as donor_count,
    sum(amount_cny) as gross_cny
from gifts
where campaign_id is not null
group by campaign_id, band_no

union all

select
    'year' as scope_type,
    paid_year as scope_id,
    band_no,
    count(*) as donation_count,
    {{ count_donors() }} as donor_count,
    sum(amount_cny) as gross_cny
from gifts
group by paid_year, band_no
