-- Organisations that projects, campaigns, entries, programmes, reports or attendees name by code and
-- that are in no register. They become members of the dimension, so that what refers to them is not
-- lost.
with named as (
    select
        initiator_uscc as uscc,
        initiator_name as name,
        valid_from as named_on
    from {{ ref('int_project_versions') }}
    union all
    select
        supporter_uscc as uscc,
        supporter_name as name,
        valid_from as named_on
    from {{ ref('int_project_versions') }}
    union all
    select
        host_uscc as uscc,
        host_name as name,
        starts_on as named_on
    from {{ ref('int_campaigns') }}
    union all
    select
        applicant_uscc as uscc,
        null as name,
        applied_on as named_on
    from {{ ref('int_campaign_entries') }}
    union all
    select
        org_uscc as uscc,
        null as name,
        enrolled_on as named_on
    from {{ ref('stg_huoshui_enrollments') }}
    union all
    select
        applicant_uscc as uscc,
        applicant_name as name,
        export_date as named_on
    from {{ ref('stg_community_program_applicants') }}
    union all
    select
        manager_uscc as uscc,
        null as name,
        founded_on as named_on
    from {{ ref('stg_community_funds') }}
    union all
    select
        uscc,
        null as name,
        export_date as named_on
    from {{ ref('stg_org_annual_reports') }}
    union all
    select
        org_uscc as uscc,
        null as name,
        export_date as named_on
    from {{ ref('stg_training_attendance') }}
),

ranked as (
    select
        named.uscc,
        named.name,
        row_number() over (
            partition by named.uscc
            order by
                case when named.name is null then 1 else 0 end asc,
                named.named_on desc,
                named.name asc nulls last
        ) as best_first
    from named
    left join {{ ref('stg_organizations') }} as registered
        on named.uscc = registered.uscc
    where
        named.uscc is not null
        and registered.uscc is null
)

select
    uscc,
    name
from ranked
where best_first = 1
