-- The reason is left in the lake: people write names into it.
select
    repayments.project_no,
    repayments.repayment_no,
    coalesce(projects.project_key, '-1') as project_key,
    repayments.order_no,
    coalesce(repayments.donor_key, 'unknown') as payee_key,
    repayments.donor_kind as payee_kind,
    repayments.amount_cny,
    repayments.paid_on,
    {{ date_key('repayments.paid_on') }} as date_key,
    repayments.export_date,
    repayments.source_file_id,
    repayments.source_row
from {{ ref('stg_repayments') }} as repayments
left join {{ ref('dim_project') }} as projects
    on repayments.project_no = projects.project_no and projects.is_current
