-- Who is in a registered chain: a row per chain and subject, from entries and from records.
with entered as (

    select * from {{ ref('int_review_entered') }}

),

reviewed as (

    select
        chain_id,
        subject_id,
        max(round_no) as round_no,
        min(submitted_at) as first_submitted_at,
        max(decided_at) as last_decided_at
    from {{ ref('int_review_records') }}
    group by chain_id, subject_id

),

members as (

    select
        chain_id,
        subject_id
    from entered
    union distinct
    select
        chain_id,
        subject_id
    from reviewed

)

select
    members.chain_id,
    members.subject_id,
    chains.subject_type,
    chains.last_all_level_no,
    chains.is_used_by_campaign,
    entered.subject_id is not null as has_entry,
    coalesce(entered.is_admitted, false) as is_admitted,
    entered.admitted_on,
    least(cast(entered.applied_on as timestamp), reviewed.first_submitted_at) as in_chain_since,
    entered.applicant_uscc,
    coalesce(entered.host_uscc, chains.host_uscc) as host_uscc,
    reviewed.round_no,
    reviewed.last_decided_at
from members
inner join {{ ref('int_review_chains') }} as chains on members.chain_id = chains.chain_id
left join entered
    on members.chain_id = entered.chain_id and members.subject_id = entered.subject_id
left join reviewed
    on members.chain_id = reviewed.chain_id and members.subject_id = reviewed.subject_id
