-- A chain's subjects with their name and the bodies that may have to stay out of reviews:
-- the initiator of a project as its newest export names it (an entry's applicant stands in for one
-- that no export names); an organisation is its own initiator. A supporter is that of the day of
-- each review: see int_review_status. Beneficiaries have no public name.
-- A table: several models read it, and each would plan the views below again.
{{ config(materialized='table') }}

with subjects as (

    select * from {{ ref('int_review_subjects') }}

),

named as (

    select
        subjects.*,
        case subjects.subject_type
            when 'project' then projects.name
            when 'organization' then organizations.name
        end as subject_name,
        case subjects.subject_type
            when 'project' then coalesce(projects.initiator_uscc, subjects.applicant_uscc)
            when 'organization' then subjects.subject_id
        end as initiator_uscc
    from subjects
    left join {{ ref('int_project_versions') }} as projects
        on subjects.subject_id = projects.project_no and projects.is_current
    left join {{ ref('int_review_organizations') }} as organizations
        on subjects.subject_id = organizations.uscc

)

select
    *,
    case subject_type when 'project' then '项目' when 'organization' then '机构' else '受益人' end
    || coalesce('“' || subject_name || '”（' || subject_id || '）', subject_id) as subject_label_zh,
    case subject_type when 'project' then 'Project' when 'organization' then 'Organization' else 'Beneficiary' end
    || ' '
    || coalesce('"' || subject_name || '" (' || subject_id || ')', subject_id) as subject_label_en
from named
