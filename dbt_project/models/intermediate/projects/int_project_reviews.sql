-- How far a project's reviews have come, over all chains that it is in.
select
    subject_id as project_no,
    count(*) as review_chains,
    sum(case when is_complete then 1 else 0 end) as reviews_complete,
    sum(levels_required) as levels_required,
    sum(levels_passed) as levels_passed,
    sum(blocking_gaps) as blocking_gaps
from {{ ref('audit_subjects') }}
where subject_type = 'project'
group by subject_id
