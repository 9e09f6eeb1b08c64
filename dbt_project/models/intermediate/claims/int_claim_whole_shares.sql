-- Shares of a whole base: which whole number of it, if any, the printed percentage can be.
-- least_k and greatest_k bound what its band allows; there is none if least_k is the greater.
with bases as (
    select
        checks.check_id,
        {{ whole_millionths('claims.printed_value') }} as share,
        {{ whole_millionths('claims.band_low') }} as low,
        {{ whole_millionths('claims.band_high') }} as high,
        claims.is_band_low_included as is_low_in,
        claims.is_band_high_included as is_high_in,
        {{ whole_quotient(whole_millionths('sides.first_low'), '1000000') }} as base
    from {{ ref('int_claim_checks') }} as checks
    inner join {{ ref('int_claim_right_sides') }} as sides
        on checks.check_id = sides.check_id
    inner join {{ ref('fact_published_claim') }} as claims
        on checks.claim_id = claims.claim_id
    where
        checks.check_kind = 'whole_share'
        and sides.first_low = sides.first_high
        and sides.first_low > 0
        and mod({{ whole_millionths('sides.first_low') }}, 1000000) = 0
        and claims.band_low is not null
),

bounds as (
    select
        check_id,
        base,
        case
            when is_low_in
                then {{ whole_quotient('(low * base + 99999999)', '100000000') }}
            else {{ whole_quotient('(low * base)', '100000000') }} + 1
        end as least_k,
        case
            when high is null then base
            when is_high_in
                then least({{ whole_quotient('(high * base)', '100000000') }}, base)
            else least({{ whole_quotient('(high * base + 99999999)', '100000000') }} - 1, base)
        end as greatest_k,
        least(
            {{ whole_quotient('(2 * coalesce(share, low) * base + 100000000)', '200000000') }}, base
        ) as nearest_k
    from bases
)

select
    check_id,
    base,
    case
        when least_k > greatest_k then nearest_k
        else least(greatest(nearest_k, least_k), greatest_k)
    end as k
from bounds
