-- A training and who came. Without any attendance landed the counts are null, not 0; one that is
-- attended but not registered has a row all the same.
with attended as (
    select
        training_id,
        count(*) as attendances,
        count(distinct attendee_key) as attendees,
        count(distinct case when attendee_uscc <> 'unknown' then attendee_uscc end) as organizations,
        count(case when attendee_uscc = 'unknown' then 1 end) as attendances_of_unknown_org,
        count(points) as points_earned,
        count(case when points = '必修' then 1 end) as required_points,
        count(case when points = '选修' then 1 end) as elective_points,
        count(case when points = '心得' then 1 end) as reflection_points
    from {{ ref('fact_training_attendance') }}
    group by training_id
)

select
    coalesce(trainings.training_id, attended.training_id) as training_id,
    trainings.held_on,
    trainings.topic,
    trainings.audience,
    trainings.session_kind,
    attended.attendances,
    attended.attendees,
    attended.organizations,
    attended.attendances_of_unknown_org,
    attended.points_earned,
    attended.required_points,
    attended.elective_points,
    attended.reflection_points,
    run.as_of
from {{ ref('stg_trainings') }} as trainings
full join attended
    on trainings.training_id = attended.training_id
cross join {{ source('lake', 'run') }} as run
