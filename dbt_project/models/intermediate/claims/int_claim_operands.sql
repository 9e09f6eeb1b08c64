-- The numbers of a check's right side, in their order: printed figures, then a given number; of a
-- mart its figure, if one row fits.
with checks as (
    select * from {{ ref('int_claim_checks') }}
),

named as (
    select
        check_id,
        {{ parts_of('right_claims', 'claim_id') }}
    from checks
    where right_claims is not null
)

select
    named.check_id,
    named.place,
    named.claim_id,
    claims.claim_id is null as is_unknown,
    coalesce(claims.band_from = 'lost', false) as is_lost,
    claims.unit_kind,
    claims.printed_value,
    claims.band_low,
    claims.band_high,
    coalesce(claims.is_band_low_included, false) as is_low_included,
    coalesce(claims.is_band_high_included, false) as is_high_included
from named
left join {{ ref('fact_published_claim') }} as claims
    on named.claim_id = claims.claim_id

union all

-- whatever it counts: it has the unit of what it stands beside
select
    check_id,
    1000 as place,
    null as claim_id,
    false as is_unknown,
    false as is_lost,
    null as unit_kind,
    right_number as printed_value,
    right_number as band_low,
    right_number as band_high,
    true as is_low_included,
    true as is_high_included
from checks
where right_number is not null

union all

select
    check_id,
    1 as place,
    null as claim_id,
    false as is_unknown,
    false as is_lost,
    unit_kind,
    value as printed_value,
    value as band_low,
    value as band_high,
    true as is_low_included,
    true as is_high_included
from {{ ref('int_claim_mart_rows') }}
where rows_found = 1 and value is not null
