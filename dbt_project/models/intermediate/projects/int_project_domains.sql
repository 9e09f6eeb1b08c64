-- A project's domain as its newest campaign entry says it. Not dated as exports are, so the
-- same for every version of the project.
with ranked as (
    select
        project_no,
        domain,
        row_number() over (
            partition by project_no
            order by applied_on desc, campaign_id desc
        ) as newest_first
    from {{ ref('int_campaign_entries') }}
    where domain is not null
)

select
    project_no,
    domain
from ranked
where newest_first = 1
