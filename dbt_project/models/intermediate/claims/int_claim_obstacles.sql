-- Why a check cannot be made: the first of the reasons that hold, null if none does.
with added as (
    -- figures of one running total, which a sum would count twice
    select parts.check_id
    from {{ ref('int_claim_operands') }} as parts
    inner join {{ ref('int_claim_checks') }} as totals
        on parts.claim_id = totals.claim_id and totals.check_kind = 'running_total'
    inner join {{ ref('int_claim_operands') }} as others
        on
            parts.check_id = others.check_id
            and totals.right_claims = others.claim_id
    inner join {{ ref('int_claim_checks') }} as sums
        on parts.check_id = sums.check_id and sums.check_kind = 'sum'
    group by parts.check_id
)

select
    checks.check_id,
    checks.claim_id,
    case
        when claims.claim_id is null then 'claim_unknown'
        when claims.band_from = 'lost' then 'digits_lost'
        when checks.check_kind = 'none' then 'no_check'
        when sides.unknown_claims > 0 then 'right_unknown'
        when checks.check_kind = 'not_comparable' then 'not_comparable'
        when sides.lost_claims > 0 then 'right_digits_lost'
        when checks.check_kind = 'mart' and mart_rows.rows_found = 0 then 'scope_not_loaded'
        when checks.check_kind = 'mart' and mart_rows.rows_found > 1 then 'several_rows'
        when checks.check_kind = 'mart' and mart_rows.value is null then 'mart_has_no_value'
        when checks.check_kind = 'mart' and run.sample_files > 0 then 'sample_data'
        when checks.check_kind = 'mart' and not coalesce(checks.is_whole_scope, false)
            then 'scope_not_vouched'
        when added.check_id is not null then 'running_totals_added'
        when not {{ units_fit() }} then 'units_differ'
        when checks.check_kind = 'running_total' and claims.published_on < earlier.published_on
            then 'order_reversed'
        when checks.check_kind = 'whole_share' and shares.check_id is null then 'base_not_exact'
        when
            checks.check_kind in ('quotient', 'percent', 'growth_rate')
            and sides.second_high = 0
            then 'divisor_nought'
    end as obstacle
from {{ ref('int_claim_checks') }} as checks
left join {{ ref('fact_published_claim') }} as claims
    on checks.claim_id = claims.claim_id
left join {{ ref('int_claim_right_sides') }} as sides
    on checks.check_id = sides.check_id
left join {{ ref('int_claim_mart_rows') }} as mart_rows
    on checks.check_id = mart_rows.check_id
left join {{ ref('int_claim_whole_shares') }} as shares
    on checks.check_id = shares.check_id
left join {{ ref('fact_published_claim') }} as earlier
    on checks.right_claims = earlier.claim_id
left join added
    on checks.check_id = added.check_id
cross join {{ source('lake', 'run') }} as run
