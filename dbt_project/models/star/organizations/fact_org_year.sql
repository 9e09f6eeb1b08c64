-- What an organisation reports of a year, under the version of it that stood at the year's end; of
-- an organisation that no register had shown by then the version is -1.
select
    reports.uscc,
    reports.year,
    coalesce(versions.organization_key, '-1') as organization_key,
    reports.income_cny,
    reports.charitable_spending_cny,
    reports.management_cost_cny,
    reports.total_spending_cny,
    reports.net_assets_cny,
    reports.report_published_on,
    reports.audit_report,
    reports.export_date,
    reports.source_file_id,
    reports.source_row
from {{ ref('stg_org_annual_reports') }} as reports
left join {{ ref('dim_organization') }} as versions
    on
        reports.uscc = versions.uscc
        and make_date(reports.year, 12, 31)
        between versions.valid_from and coalesce(versions.valid_to, {{ end_of_time() }})
