-- unknown_subject: records about a subject that no entry names, in a chain that a campaign uses.
-- Entries are made by projects and their applicants, so a beneficiary can never have one.
with records as (

    select
        chain_id,
        subject_id,
        level_no,
        count(*) as records,
        min(submitted_at) as opened_at,
        min(record_no) as first_record_no,
        max(case when is_effective then reviewer_uscc end) as reviewer_uscc
    from {{ ref('int_review_records') }}
    group by chain_id, subject_id, level_no

)

select
    records.chain_id,
    records.subject_id,
    records.level_no,
    'unknown_subject' as gap_type,
    records.opened_at,
    records.reviewer_uscc as responsible_uscc, -- whoever filed the record knows whom it is about
    parties.subject_label_zh || '在第' || {{ review_number('records.level_no') }} || '级有'
    || {{ review_number('records.records') }} || '条审查记录（如' || records.first_record_no
    || '），但采用该审查链的活动都没有它的入场申报。' as detail_zh,
    parties.subject_label_en || ' has ' || {{ review_number('records.records') }} || ' record(s) at level '
    || {{ review_number('records.level_no') }} || ' (such as ' || records.first_record_no
    || '), but no campaign with this chain has an entry for it.' as detail_en
from records
inner join {{ ref('int_review_parties') }} as parties
    on records.chain_id = parties.chain_id and records.subject_id = parties.subject_id
inner join {{ ref('int_review_chains') }} as chains
    on records.chain_id = chains.chain_id
where
    chains.is_used_by_campaign
    and chains.subject_type <> 'beneficiary'
    and not parties.has_entry
