{{ config(meta={
    'rule_id': 'audit_subjects.nobody_left_out',
    'zh': '活动的每个入场申报与每条审查记录的对象都在审查对象之中。',
    'en': 'The project of every entry and the subject of every record are among the audited subjects.',
}) }}
with due as (

    select
        campaigns.chain_id,
        entries.project_no as subject_id
    from {{ ref('int_campaign_entries') }} as entries
    inner join {{ ref('int_campaigns') }} as campaigns on entries.campaign_id = campaigns.campaign_id
    inner join {{ ref('dim_review_level') }} as levels
        on campaigns.chain_id = levels.chain_id and levels.subject_type = 'project'
    union
    select
        records.chain_id,
        records.subject_id
    from {{ ref('fact_review_event') }} as records
    inner join {{ ref('dim_review_level') }} as levels on records.chain_id = levels.chain_id

)

select
    due.chain_id,
    due.subject_id
from due
left join {{ ref('audit_subjects') }} as subjects
    on due.chain_id = subjects.chain_id and due.subject_id = subjects.subject_id
where subjects.subject_id is null
