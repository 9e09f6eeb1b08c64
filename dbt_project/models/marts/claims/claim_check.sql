-- What is printed beside what it should be. A verdict only where both sides are known: what stands
-- in its way is said, and a release of samples refutes nobody.
with checks as (
    select
        checks.*,
        obstacles.obstacle,
        case
            when obstacles.obstacle is not null then 'not_computable'
            when verdicts.is_differing then 'differs'
            else 'agrees'
        end as verdict,
        verdicts.computed_value,
        verdicts.computed_low,
        verdicts.computed_high,
        coalesce(verdicts.is_ratio, false) as is_ratio,
        case when obstacles.obstacle is null then verdicts.difference end as difference,
        {{ right_side_text() }} as right_side
    from {{ ref('int_claim_checks') }} as checks
    left join {{ ref('int_claim_obstacles') }} as obstacles
        on checks.claim_id = obstacles.claim_id and checks.check_id = obstacles.check_id
    left join {{ ref('int_claim_verdicts') }} as verdicts
        on checks.check_id = verdicts.check_id
    left join {{ ref('int_claim_whole_shares') }} as shares
        on checks.check_id = shares.check_id
)

select
    checks.claim_id,
    checks.check_id,
    claims.publisher,
    claims.published_on,
    claims.title,
    claims.metric,
    claims.unit,
    claims.unit_kind,
    claims.printed_value,
    claims.band_low,
    claims.band_high,
    claims.is_band_low_included,
    claims.is_band_high_included,
    checks.check_kind,
    checks.check_operator,
    checks.right_side,
    checks.computed_value,
    checks.computed_low,
    checks.computed_high,
    checks.verdict,
    checks.difference,
    checks.obstacle,
    {{ claim_note('zh') }} as note_zh,
    {{ claim_note('en') }} as note_en,
    run.as_of
from checks
left join {{ ref('fact_published_claim') }} as claims
    on checks.claim_id = claims.claim_id
left join {{ ref('claim_obstacles') }} as obstacles
    on checks.obstacle = obstacles.obstacle
cross join {{ source('lake', 'run') }} as run
