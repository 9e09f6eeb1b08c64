-- Whether a year's charitable spending and management costs met the standard, and why that can be
-- said or cannot. What is missing comes before what was missed: no verdict rests on a guess.
with judged as (
    select
        *,
        case
            when year <= 2016 then 'before_the_rules'
            when is_inferred then 'register_silent'
            when is_changed_in_year then 'changed_in_year'
            when kind is null then 'kind_unknown'
            when kind not in ('基金会', '社会团体', '社会服务机构') then 'kind_without_band'
            when can_fundraise_publicly is null then 'qualification_unknown'
            when last_income_cny is null then 'prior_year_missing'
            when band is null then 'net_assets_missing'
            when not is_spending_met and not is_management_met then 'both_unmet'
            when not is_spending_met then 'spending_unmet'
            when not is_management_met then 'management_unmet'
            when is_spending_met is null then 'mean_unknown'
            when is_exempt then 'met_exempt'
            else 'met'
        end as reason
    from {{ ref('int_org_year_bands') }}
)

select
    judged.uscc,
    judged.year,
    judged.organization_key,
    case when judged.organization_key <> '-1' then judged.name end as name,
    judged.kind,
    judged.can_fundraise_publicly,
    coalesce(judged.band, 'unknown') as band,
    judged.rule,
    judged.basis,
    judged.min_spending_share,
    judged.min_income_share,
    judged.max_management_share,
    judged.charitable_spending_cny,
    judged.management_cost_cny,
    judged.total_spending_cny,
    judged.last_income_cny,
    judged.last_net_assets_cny,
    {{ mean_cny('judged.three_incomes_cny', '3') }} as mean_income_cny,
    {{ mean_cny('judged.three_net_assets_cny', '3') }} as mean_net_assets_cny,
    {{ ratio_of('judged.charitable_spending_cny', 'judged.last_basis_cny') }}
        as spending_ratio_last_year,
    {{ ratio_of('3 * judged.charitable_spending_cny', 'judged.three_bases_cny') }}
        as spending_ratio_three_years,
    {{ ratio_of('judged.charitable_spending_cny', 'judged.last_income_cny') }} as income_ratio_last_year,
    {{ ratio_of('3 * judged.charitable_spending_cny', 'judged.three_incomes_cny') }}
        as income_ratio_three_years,
    {{ share_of('judged.management_cost_cny', 'judged.total_spending_cny') }} as management_ratio,
    case when judged.is_exempt then 'management_below_200k' else 'none' end as exemption,
    judged.is_spending_met,
    judged.is_management_met,
    reasons.verdict,
    judged.reason,
    reasons.reason_zh,
    reasons.reason_en,
    run.as_of
from judged
inner join {{ ref('ratio_reasons') }} as reasons
    on judged.reason = reasons.reason
cross join {{ source('lake', 'run') }} as run
