-- What all entries together say of a subject of a chain. The leading entry, an admitted one before
-- others and then the newest, says who applied and who hosts.
with ranked as (

    select
        *,
        row_number() over (
            partition by chain_id, subject_id
            order by
                case when is_admitted then 0 else 1 end, applied_on desc, campaign_id desc, project_no desc
        ) as leading_first
    from {{ ref('int_review_entries') }}

)

select
    chain_id,
    subject_id,
    max(case when is_admitted then 1 else 0 end) = 1 as is_admitted,
    min(admitted_on) as admitted_on,
    min(applied_on) as applied_on,
    max(case when leading_first = 1 then applicant_uscc end) as applicant_uscc,
    max(case when leading_first = 1 then host_uscc end) as host_uscc
from ranked
group by chain_id, subject_id
