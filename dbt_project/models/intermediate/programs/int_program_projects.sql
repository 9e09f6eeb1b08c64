-- Whose gifts count for which county of a programme: a brand project's for the enrolment that names
-- it, any other project's for its initiator's. A project counts once: where its initiator is
-- enrolled for several counties, for the one that it lies in, else for the first.
with enrollments as (
    select * from {{ ref('int_enrollment_places') }}
),

projects as (
    select
        projects.project_no,
        projects.initiator_uscc,
        today.county_code
    from {{ ref('dim_project') }} as projects
    left join {{ ref('int_region_today') }} as today
        on projects.region_code = today.region_code
    where projects.is_current and projects.project_key <> '-1'
),

claims as (
    select
        program_id,
        brand_project_no as project_no,
        place_code,
        org_uscc,
        enrolled_on,
        1 as nearness
    from enrollments
    where brand_project_no is not null
    union all
    select
        enrollments.program_id,
        projects.project_no,
        enrollments.place_code,
        enrollments.org_uscc,
        enrollments.enrolled_on,
        case when projects.county_code = enrollments.place_code then 2 else 3 end as nearness
    from enrollments
    inner join projects
        on enrollments.org_uscc = projects.initiator_uscc
),

ranked as (
    select
        *,
        row_number() over (
            partition by program_id, project_no
            order by
                nearness, enrolled_on nulls last, place_code nulls last, org_uscc nulls last
        ) as nearest_first
    from claims
)

select
    program_id,
    project_no,
    place_code,
    enrolled_on
from ranked
where nearest_first = 1
