-- stale_after_goal_raise: the target was raised after the last `all` level was passed, and nothing
-- was decided since. Exports are dated by the day, so a raise counts from the start of the day of
-- the export that first shows it: a decision of that day is after it, a decision of the day before is not.
-- The last pass is itself a decision, so "no decision since the raise" implies "raised after the pass".
with raises as (

    select
        status.*,
        goals.raised_on,
        goals.from_cny,
        goals.to_cny,
        row_number() over (
            partition by status.chain_id, status.subject_id order by goals.raised_on
        ) as earliest_first
    from {{ ref('int_review_status') }} as status
    inner join {{ ref('int_review_chains') }} as chains
        on status.chain_id = chains.chain_id
    inner join {{ ref('int_review_goal_raises') }} as goals
        on
            status.subject_id = goals.project_no
            and goals.raised_on > cast(status.last_decided_at as date)
    where
        chains.subject_type = 'project'
        and status.level_no = status.last_all_level_no
        and status.is_through

)

select
    chain_id,
    subject_id,
    level_no,
    'stale_after_goal_raise' as gap_type,
    cast(raised_on as timestamp) as opened_at,
    initiator_uscc as responsible_uscc, -- raised its target: has to come to review again
    subject_label_zh || '于' || {{ review_day('last_all_passed_at') }} || '通过' || level_label_zh || '，之后筹款目标由'
    || {{ review_goal('from_cny', '不设上限', '元') }} || '提高到'
    || {{ review_goal('to_cny', '不设上限', '元') }} || '（' || {{ review_day('raised_on') }}
    || '的导出首次显示），此后没有任何审查决定。' as detail_zh,
    subject_label_en || ' passed ' || level_label_en || ' on ' || {{ review_day('last_all_passed_at') }}
    || '; its target was then raised from ' || {{ review_goal('from_cny', 'open-ended', ' yuan') }}
    || ' to ' || {{ review_goal('to_cny', 'open-ended', ' yuan') }} || ' (first shown by the export of '
    || {{ review_day('raised_on') }} || '), and nothing was decided since.' as detail_en
from raises
where earliest_first = 1
