-- Every raise of a target (提额) and what the project's exports print until its target changes again
-- or up to now: what was raised before and since, and the first export that reaches the new target.
with changes as (
    select
        *,
        lead(first_shown_on) over (
            partition by project_no order by first_shown_on
        ) as next_change_on
    from {{ ref('fact_goal_change') }}
),

raises as (
    select
        *,
        row_number() over (partition by project_no order by first_shown_on) as raise_no
    from changes
    where direction = 'raise'
),

shown as (
    select
        raises.project_no,
        raises.first_shown_on,
        raises.to_cny,
        snapshots.export_date,
        snapshots.raised_cny,
        snapshots.export_date >= raises.first_shown_on as is_since,
        row_number() over (
            partition by
                raises.project_no, raises.first_shown_on, snapshots.export_date >= raises.first_shown_on
            order by snapshots.export_date desc
        ) as newest_first
    from raises
    inner join {{ ref('fact_project_snapshot') }} as snapshots
        on
            raises.project_no = snapshots.project_no
            and snapshots.export_date < coalesce(raises.next_change_on, {{ end_of_time() }})
    where snapshots.raised_cny is not null
),

progress as (
    select
        project_no,
        first_shown_on,
        max(case when not is_since and newest_first = 1 then raised_cny end) as raised_before_cny,
        max(case when is_since and newest_first = 1 then raised_cny end) as raised_since_cny,
        max(case when is_since and newest_first = 1 then export_date end) as raised_as_of,
        min(case when is_since and to_cny > 0 and raised_cny >= to_cny then export_date end)
            as completed_on
    from shown
    group by project_no, first_shown_on
)

select
    raises.project_no,
    raises.first_shown_on as raised_on,
    raises.raise_no,
    raises.last_shown_on,
    raises.from_cny,
    raises.to_cny,
    raises.change_cny,
    raises.next_change_on,
    progress.raised_before_cny,
    progress.raised_since_cny,
    progress.raised_as_of,
    progress.completed_on
from raises
left join progress
    on
        raises.project_no = progress.project_no
        and raises.first_shown_on = progress.first_shown_on
