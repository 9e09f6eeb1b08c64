-- Duties to publish, and the gaps and overlaps of what was published. No source
-- records what a campaign's host publishes, who reported or what was left over: such duties are
-- listed with their day, and whether they were done is null.
with landed as (
    select serves
    from {{ ref('int_disclosure_publications') }}
    group by serves
),

all_duties as (
    {%- for model in ['duties', 'order_81'] %}
        select
            subject_type,
            subject_id,
            subject_name,
            duty,
            duty_no,
            window_from,
            due_on,
            as_of,
            rule
        from {{ ref('int_disclosure_' ~ model) }}
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

duties as (
    select
        duties.*,
        done.done_on,
        duties.subject_type = 'project' and landed.serves is not null as is_known
    from all_duties as duties
    left join landed
        on duties.duty = landed.serves
    left join {{ ref('int_disclosure_done') }} as done
        on
            duties.subject_type = 'project'
            and duties.subject_id = done.project_no
            and duties.duty = done.duty
            and duties.duty_no = done.duty_no
),

judged as (
    select
        *,
        case
            when not is_known then 'no_source'
            when done_on <= due_on then 'done'
            when done_on > due_on then 'late'
            when due_on < as_of then 'overdue'
            else 'not_due'
        end as status
    from duties
)

select
    subject_type,
    subject_id,
    duty,
    duty_no,
    subject_name,
    rule,
    window_from,
    due_on as window_to,
    due_on,
    done_on,
    cast(case
        when status in ('done', 'not_due') then 0
        when status in ('late', 'overdue')
            then {{ dbt.datediff('due_on', 'coalesce(done_on, as_of)', 'day') }}
    end as bigint) as days_late,
    status,
    cast(null as bigint) as days,
    as_of
from judged

union all

select
    'project' as subject_type,
    findings.project_no as subject_id,
    findings.duty,
    findings.duty_no,
    findings.project_name as subject_name,
    findings.rule,
    findings.window_from,
    findings.window_to,
    cast(null as date) as due_on,
    findings.done_on,
    cast(null as bigint) as days_late,
    findings.status,
    findings.days,
    run.as_of
from {{ ref('int_disclosure_findings') }} as findings
cross join {{ source('lake', 'run') }} as run
