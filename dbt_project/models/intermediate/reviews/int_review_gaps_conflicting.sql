-- conflicting_decisions: two records of one subject, level and round decide differently, in any
-- round. A pending record decides nothing. The finding names the latest such round.
with decided as (

    select
        *,
        first_value(decision) over (
            partition by chain_id, subject_id, level_no, round_no
            order by decided_at nulls last, submitted_at nulls last, record_no
        ) as first_decision
    from {{ ref('int_review_records') }}
    where decision is not null

),

rounds as (

    select
        chain_id,
        subject_id,
        level_no,
        round_no,
        count(*) as records,
        min(case when decision <> first_decision then decided_at end) as opened_at,
        {{ sorted_list('decision') }} as decisions,
        row_number() over (partition by chain_id, subject_id, level_no order by round_no desc) as latest_first,
        min(min(case when decision <> first_decision then decided_at end)) over (
            partition by chain_id, subject_id, level_no
        ) as first_opened_at
    from decided
    group by chain_id, subject_id, level_no, round_no
    having count(distinct decision) > 1

)

select
    rounds.chain_id,
    rounds.subject_id,
    rounds.level_no,
    'conflicting_decisions' as gap_type,
    rounds.first_opened_at as opened_at,
    status.reviewer_uscc as responsible_uscc, -- its record is the effective one: it settles the matter
    status.subject_label_zh || '在' || status.level_label_zh || '第' || {{ review_number('rounds.round_no') }}
    || '轮的' || {{ review_number('rounds.records') }} || '条记录结论不一（' || rounds.decisions
    || '），以最晚的决定为准。' as detail_zh,
    {{ review_number('rounds.records') }} || ' records of round ' || {{ review_number('rounds.round_no') }}
    || ' at ' || status.level_label_en || ' decide differently on ' || status.subject_label_en
    || ' (' || rounds.decisions || '); the latest decision counts.' as detail_en
from rounds
inner join {{ ref('int_review_status') }} as status
    on
        rounds.chain_id = status.chain_id
        and rounds.subject_id = status.subject_id
        and rounds.level_no = status.level_no
where rounds.latest_first = 1
