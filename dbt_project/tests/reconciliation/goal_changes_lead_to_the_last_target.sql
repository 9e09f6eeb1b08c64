-- A project's first target and its changes come to the target that it showed last.
{{ config(meta={
    'rule_id': 'fact_goal_change.adds_up',
    'zh': '项目最后一次目标变动之后的目标须等于其最近快照的目标',
    'en': 'What the last change of a target led to is the target that the newest snapshot shows',
}) }}

with targets as (
    select
        project_no,
        target_cny,
        row_number() over (partition by project_no order by export_date desc) as newest_first
    from {{ ref('fact_project_snapshot') }}
    where target_cny is not null
),

changes as (
    select
        project_no,
        to_cny,
        row_number() over (partition by project_no order by first_shown_on desc) as newest_first
    from {{ ref('fact_goal_change') }}
)

select
    targets.project_no,
    targets.target_cny,
    changes.to_cny
from targets
inner join changes
    on targets.project_no = changes.project_no
where
    targets.newest_first = 1
    and changes.newest_first = 1
    and targets.target_cny <> changes.to_cny
