-- When a project's duty was done: the first publication that fulfils it after its window began.
select
    duties.subject_id as project_no,
    duties.duty,
    duties.duty_no,
    min(publications.published_on) as done_on
from {{ ref('int_disclosure_duties') }} as duties
inner join {{ ref('int_disclosure_publications') }} as publications
    on
        duties.subject_id = publications.project_no
        and duties.duty = publications.serves
        and duties.window_from <= publications.published_on
        and (duties.duty = 'interim' or duties.window_from <= publications.period_to)
where duties.subject_type = 'project'
group by duties.subject_id, duties.duty, duties.duty_no
