-- A raise of a target (提额): from the export that first shows it to the one that reaches it, and
-- whether the project was reviewed again. Printed totals, as the platform's exports have them.
with chains as (
    select
        raises.project_no,
        raises.raised_on,
        subjects.chain_id,
        max(case when records.decided_at >= cast(raises.raised_on as timestamp) then 1 else 0 end)
            as is_decided,
        max(case
            when
                records.decided_at is null
                and records.is_effective
                and records.submitted_at >= cast(raises.raised_on as timestamp)
                then 1
            else 0
        end) as is_pending
    from {{ ref('int_goal_raises') }} as raises
    inner join {{ ref('audit_subjects') }} as subjects
        on raises.project_no = subjects.subject_id and subjects.subject_type = 'project'
    left join {{ ref('fact_review_event') }} as records
        on subjects.chain_id = records.chain_id and subjects.subject_id = records.subject_id
    group by raises.project_no, raises.raised_on, subjects.chain_id
),

reviews as (
    select
        project_no,
        raised_on,
        count(*) as review_chains,
        sum(is_decided) as chains_decided_since,
        max(is_pending) as is_pending
    from chains
    group by project_no, raised_on
)

select
    raises.project_no,
    raises.raised_on,
    {{ date_key('raises.raised_on') }} as date_key,
    projects.name,
    cast(raises.raise_no as integer) as raise_no,
    raises.last_shown_on,
    raises.from_cny,
    raises.to_cny,
    raises.change_cny,
    raises.next_change_on,
    raises.raised_before_cny,
    raises.raised_since_cny,
    raises.raised_as_of,
    cast(raises.raised_since_cny - raises.raised_before_cny as decimal(18, 2)) as collected_cny,
    {{ share_of(
        'case when raises.raised_since_cny > raises.from_cny'
        ~ ' then raises.raised_since_cny - raises.from_cny'
        ~ ' when raises.raised_since_cny is not null then 0 end',
        'raises.change_cny'
    ) }} as share_collected,
    case when raises.to_cny > 0 then raises.completed_on is not null end as is_completed,
    raises.completed_on,
    cast({{ dbt.datediff('raises.raised_on', 'raises.completed_on', 'day') }} as integer)
        as days_to_completion,
    case
        when reviews.review_chains is null then 'no_chain'
        when reviews.chains_decided_since = reviews.review_chains then 'decided_since'
        when reviews.is_pending = 1 then 'pending'
        else 'not_reviewed'
    end as review_state,
    run.as_of
from {{ ref('int_goal_raises') }} as raises
left join {{ ref('dim_project') }} as projects
    on raises.project_no = projects.project_no and projects.is_current
left join reviews
    on raises.project_no = reviews.project_no and raises.raised_on = reviews.raised_on
cross join {{ source('lake', 'run') }} as run
