-- What a project published: its reports of progress, its 财务披露 and their gaps and overlaps.
-- Periods that overlap may report the same spending more than once, so it is not added up. A count
-- is 0 only where its source has landed at all; else it is not known.
with reports as (
    select
        project_no,
        count(*) as progress_reports,
        max(cast(published_at as date)) as last_progress_on
    from {{ ref('fact_progress') }}
    group by project_no
),

disclosures as (
    select
        project_no,
        count(*) as disclosures,
        max(cast(published_at as date)) as last_disclosure_on,
        max(period_to) as told_until,
        sum(payout_cny) as payout_cny,
        sum(management_cost_cny) as management_cost_cny
    from {{ ref('fact_disclosure') }}
    group by project_no
),

periods as (
    select
        project_no,
        sum(case when duty = 'period_gap' then 1 else 0 end) as disclosure_gaps,
        sum(case when duty = 'period_gap' then days else 0 end) as gap_days,
        sum(case when duty = 'period_overlap' then 1 else 0 end) as disclosure_overlaps
    from {{ ref('int_disclosure_periods') }}
    group by project_no
),

landed as (
    select
        (select count(*) from reports) > 0 as has_reports,
        (select count(*) from disclosures) > 0 as has_disclosures
)

select
    projects.project_no,
    coalesce(reports.progress_reports, case when landed.has_reports then 0 end) as progress_reports,
    reports.last_progress_on,
    coalesce(disclosures.disclosures, case when landed.has_disclosures then 0 end) as disclosures,
    disclosures.last_disclosure_on,
    disclosures.told_until,
    case when coalesce(periods.disclosure_overlaps, 0) = 0 then disclosures.payout_cny end as payout_cny,
    case when coalesce(periods.disclosure_overlaps, 0) = 0 then disclosures.management_cost_cny end
        as management_cost_cny,
    case when disclosures.project_no is not null then coalesce(periods.disclosure_gaps, 0) end
        as disclosure_gaps,
    case when disclosures.project_no is not null then coalesce(periods.gap_days, 0) end as gap_days,
    case when disclosures.project_no is not null then coalesce(periods.disclosure_overlaps, 0) end
        as disclosure_overlaps
from {{ ref('dim_project') }} as projects
cross join landed
left join reports
    on projects.project_no = reports.project_no
left join disclosures
    on projects.project_no = disclosures.project_no
left join periods
    on projects.project_no = periods.project_no
where projects.is_current and projects.project_key <> '-1'
