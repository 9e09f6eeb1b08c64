-- A period's spending as a project published it. Gaps and overlaps of periods are for the marts.
with disclosures as (
    select
        newest.*,
        cast(newest.published_at as date) as published_on
    from ({{ newest_state(
        ref('stg_tencent_disclosures'), ['project_no', 'period_from', 'period_to'],
        newest=['payout_cny', 'published_at'], told={'management_cost_cny': 'management_cost'}
    ) }}) as newest
)

select
    disclosures.project_no,
    disclosures.period_from,
    disclosures.period_to,
    coalesce(projects.project_key, '-1') as project_key,
    {{ dbt.datediff('disclosures.period_from', 'disclosures.period_to', 'day') }}
    + 1 as period_days,
    disclosures.published_at,
    {{ date_key('disclosures.published_on') }} as published_date_key,
    disclosures.payout_cny,
    disclosures.management_cost_cny,
    {{ share_of('disclosures.management_cost_cny', 'disclosures.payout_cny') }}
        as management_share,
    disclosures.export_date,
    disclosures.source_file_id,
    disclosures.source_row
from disclosures
left join {{ ref('int_project_lives') }} as projects
    on
        disclosures.project_no = projects.project_no
        and disclosures.published_on between projects.matches_from and projects.matches_to
