-- A check's verdict: `differs` only where no number that the printed digits allow fits any that the
-- right side can be. Everything that could be compared is here, whether or not an obstacle forbids it.
with compared as (
    select
        checks.claim_id,
        checks.check_id,
        checks.check_kind,
        checks.check_operator,
        claims.printed_value,
        {{ six_places('fractions.value_num', 'fractions.value_den') }} as computed_value,
        {{ six_places('fractions.low_num', 'fractions.low_den', side='down') }} as computed_low,
        {{ six_places('fractions.high_num', 'fractions.high_den', side='up') }} as computed_high,
        {{ bound_is_beyond(
            'claims.band_high', '<', 'fractions.low_num', 'fractions.low_den',
            'claims.is_band_high_included and fractions.is_low_in'
        ) }} as is_below,
        {{ bound_is_beyond(
            'claims.band_low', '>', 'fractions.high_num', 'fractions.high_den',
            'claims.is_band_low_included and fractions.is_high_in'
        ) }} as is_above,
        -- one more than the growth is the ratio, with which it is mixed up in print
        checks.check_kind = 'growth_rate'
        and not {{ bound_is_beyond(
            'claims.band_high', '<',
            '(fractions.low_num + ' ~ growth_unit() ~ ' * fractions.low_den)', 'fractions.low_den',
            'claims.is_band_high_included and fractions.is_low_in'
        ) }}
        and not {{ bound_is_beyond(
            'claims.band_low', '>',
            '(fractions.high_num + ' ~ growth_unit() ~ ' * fractions.high_den)',
            'fractions.high_den', 'claims.is_band_low_included and fractions.is_high_in'
        ) }} as is_ratio
    from {{ ref('int_claim_checks') }} as checks
    inner join {{ ref('int_claim_fractions') }} as fractions
        on checks.check_id = fractions.check_id
    inner join {{ ref('fact_published_claim') }} as claims
        on checks.claim_id = claims.claim_id
)

select
    claim_id,
    check_id,
    computed_value,
    computed_low,
    computed_high,
    case check_operator
        when '<=' then is_above
        when '>=' then is_below
        else is_above or is_below
    end as is_differing,
    is_ratio,
    cast(printed_value - computed_value as decimal(24, 6)) as difference
from compared
