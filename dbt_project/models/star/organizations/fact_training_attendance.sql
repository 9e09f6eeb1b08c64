-- Who attended a training. One that no register of trainings has keeps its attendance; when and
-- about what it was is then not known.
select
    attendance.training_id,
    attendance.donor_key as attendee_key,
    coalesce(attendance.org_uscc, 'unknown') as attendee_uscc,
    trainings.held_on,
    {{ date_key('trainings.held_on') }} as held_date_key,
    trainings.topic,
    trainings.audience,
    trainings.session_kind,
    attendance.points,
    attendance.export_date,
    attendance.source_file_id,
    attendance.source_row
from {{ ref('stg_training_attendance') }} as attendance
left join {{ ref('stg_trainings') }} as trainings
    on attendance.training_id = trainings.training_id
