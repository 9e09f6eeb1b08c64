-- What a reported year's ratios rest on: the year before, and the three years before added up,
-- which are null unless all three were reported. Windows go by the calendar, so a gap is a gap.
with changed as (
    select
        reports.uscc,
        reports.year
    from {{ ref('fact_org_year') }} as reports
    inner join {{ ref('dim_organization') }} as versions
        on
            reports.uscc = versions.uscc
            and make_date(reports.year, 1, 1) <= coalesce(versions.valid_to, {{ end_of_time() }})
            and make_date(reports.year, 12, 31) >= versions.valid_from
    group by reports.uscc, reports.year
    having count(distinct {{ row_text(['versions.kind', 'versions.can_fundraise_publicly']) }}) > 1
),

bases as (
    select
        *,
        max(income_cny) over last_year as last_income_cny,
        max(net_assets_cny) over last_year as last_net_assets_cny,
        count(income_cny) over three_years as years_of_income,
        sum(income_cny) over three_years as three_incomes_cny,
        count(net_assets_cny) over three_years as years_of_net_assets,
        sum(net_assets_cny) over three_years as three_net_assets_cny
    from {{ ref('fact_org_year') }}
    window
        last_year as (
            partition by uscc order by year range between 1 preceding and 1 preceding
        ),
        three_years as (
            partition by uscc order by year range between 3 preceding and 1 preceding
        )
)

select
    bases.uscc,
    bases.year,
    bases.organization_key,
    bases.charitable_spending_cny,
    bases.management_cost_cny,
    bases.total_spending_cny,
    bases.last_income_cny,
    bases.last_net_assets_cny,
    cast(case when bases.years_of_income = 3 then bases.three_incomes_cny end as decimal(20, 2))
        as three_incomes_cny,
    cast(
        case when bases.years_of_net_assets = 3 then bases.three_net_assets_cny end
        as decimal(20, 2)
    ) as three_net_assets_cny,
    changed.uscc is not null as is_changed_in_year
from bases
left join changed
    on
        bases.uscc = changed.uscc
        and bases.year = changed.year
