-- Who takes part for a place: its organisations together. A sum of which a part is not known is null.
select
    enrollments.program_id,
    enrollments.place_code,
    enrollments.is_county,
    count(*) as organizations,
    min(enrollments.enrolled_on) as enrolled_on,
    {{ sorted_list('enrollments.org_uscc') }} as org_uscc,
    {{ sorted_list('coalesce(organizations.name, enrollments.org_uscc)') }} as org,
    {{ sorted_list('enrollments.brand_project_no') }} as brand_project,
    {{ sum_if_known('enrollments.seed_grant_cny') }} as seed_grant_cny,
    sum(case when enrollments.seed_granted_on <= run.as_of then enrollments.seed_grant_cny end)
        as seed_grant_paid_cny,
    {{ sum_if_known('enrollments.staff_before') }} as staff_before,
    {{ sum_if_known('enrollments.staff_after') }} as staff_after,
    case
        when max(case when enrollments.first_online_fundraising then 1 else 0 end) = 1 then true
        when count(enrollments.first_online_fundraising) = count(*) then false
    end as first_online
from {{ ref('int_enrollment_places') }} as enrollments
left join {{ ref('dim_organization') }} as organizations
    on enrollments.org_uscc = organizations.uscc and organizations.is_current
cross join {{ source('lake', 'run') }} as run
group by enrollments.program_id, enrollments.place_code, enrollments.is_county
