-- Raises of a project's target (提额), dated by the export that first shows them. Lifting the limit
-- (a target of 0 is open-ended) is a raise too.
select
    project_no,
    first_shown_on as raised_on,
    from_cny,
    to_cny
from {{ ref('fact_goal_change') }}
where direction = 'raise'
