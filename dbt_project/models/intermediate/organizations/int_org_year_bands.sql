-- A reported year beside its band, and whether each standard was met: null where that cannot be
-- told. 以上 includes the bound; yuan are compared with yuan, no ratio is rounded first. Either last
-- year or the mean of three will do (art. 10).
with banded as (
    select
        bases.*,
        organizations.name,
        organizations.kind,
        organizations.can_fundraise_publicly,
        organizations.is_inferred,
        bands.band,
        bands.rule,
        bands.basis,
        bands.min_spending_share,
        bands.min_income_share,
        bands.max_management_share,
        case bands.basis
            when 'income' then bases.last_income_cny
            when 'net_assets' then bases.last_net_assets_cny
        end as last_basis_cny,
        case bands.basis
            when 'income' then bases.three_incomes_cny
            when 'net_assets' then bases.three_net_assets_cny
        end as three_bases_cny,
        bases.management_cost_cny < 200000.00 as is_exempt
    from {{ ref('int_org_year_bases') }} as bases
    left join {{ ref('dim_organization') }} as organizations
        on bases.organization_key = organizations.organization_key
    left join {{ ref('spending_bands') }} as bands
        on
            organizations.kind = bands.kind
            and organizations.can_fundraise_publicly = bands.is_public
            and (
                bands.basis = 'income'
                or bases.last_net_assets_cny >= coalesce(bands.net_assets_from_cny, bases.last_net_assets_cny)
            )
            and (
                bands.net_assets_below_cny is null
                or bases.last_net_assets_cny < bands.net_assets_below_cny
            )
            -- before there were bands, or while none can be chosen
            and (bases.year <= 2016 or bases.is_changed_in_year) is not true
)

select
    *,
    (
        charitable_spending_cny >= min_spending_share * last_basis_cny
        or 3 * charitable_spending_cny >= min_spending_share * three_bases_cny
    )
    and (
        min_income_share is null
        or charitable_spending_cny >= min_income_share * last_income_cny
        or 3 * charitable_spending_cny >= min_income_share * three_incomes_cny
    ) as is_spending_met,
    is_exempt or management_cost_cny <= max_management_share * total_spending_cny
        as is_management_met
from banded
