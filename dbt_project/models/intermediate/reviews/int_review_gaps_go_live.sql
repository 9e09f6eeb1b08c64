-- decided_after_go_live: an `all` level that no round had passed when an entry went live, and
-- that was decided only afterwards. Of several such entries the one that went live first counts.
with passes as (

    select
        chain_id,
        subject_id,
        level_no,
        min(decided_at) as first_passed_at
    from {{ ref('int_review_records') }}
    where decision = '通过'
    group by chain_id, subject_id, level_no

),

entries as (

    select
        status.*,
        entries.campaign_id,
        entries.go_live_at,
        entries.host_uscc as entry_host_uscc,
        row_number() over (
            partition by status.chain_id, status.subject_id, status.level_no
            order by entries.go_live_at, entries.campaign_id, entries.project_no nulls last
        ) as earliest_first
    from {{ ref('int_review_status') }} as status
    inner join {{ ref('int_review_entries') }} as entries
        on status.chain_id = entries.chain_id and status.subject_id = entries.subject_id
    left join passes
        on
            status.chain_id = passes.chain_id
            and status.subject_id = passes.subject_id
            and status.level_no = passes.level_no
    where
        status.coverage = 'all'
        and status.decided_at > entries.go_live_at
        and (passes.first_passed_at is null or passes.first_passed_at > entries.go_live_at)

)

select
    chain_id,
    subject_id,
    level_no,
    'decided_after_go_live' as gap_type,
    go_live_at as opened_at,
    entry_host_uscc as responsible_uscc, -- let it go live
    subject_label_zh || '已于' || {{ moment_text('go_live_at') }} || '在活动' || campaign_id || '上线，'
    || level_label_zh || '此前没有任何一轮通过，' || {{ moment_text('decided_at') }}
    || '才作出“' || decision || '”的决定。' as detail_zh,
    subject_label_en || ' went live in campaign ' || campaign_id || ' at ' || {{ moment_text('go_live_at') }}
    || '; no round of ' || level_label_en || ' had passed by then, and it was decided (' || status || ') only at '
    || {{ moment_text('decided_at') }} || '.' as detail_en
from entries
where earliest_first = 1
