-- Everything a finding is judged by: a subject at a level with its status, the level's rules and
-- the parties. A subject is through when it passed the chain's last `all` level (in a chain of
-- samples alone everyone is): samples are drawn from those. A project's supporter is the one that
-- its version of the day of the review names, decided or (pending) submitted.
-- A table: several models read it, and each would plan the views below again.
{{ config(materialized='table') }}

with levels as (

    select * from {{ ref('int_review_levels') }}

),

judged as (

    select
        levels.*,
        parties.subject_label_zh,
        parties.subject_label_en,
        parties.initiator_uscc,
        case when parties.subject_type = 'project' then nullif(lives.supporter_uscc, 'unknown') end
            as supporter_uscc,
        parties.host_uscc,
        parties.admitted_on,
        parties.in_chain_since,
        parties.last_decided_at,
        parties.last_all_level_no,
        parties.is_used_by_campaign,
        coalesce(reviewers.name, levels.reviewer_uscc) as reviewer_name_public,
        rules.forbids_initiator,
        rules.forbids_supporter,
        rules.forbids_previous_reviewer,
        rules.sla_days,
        rules.evidence_required,
        '第' || {{ review_number('levels.level_no') }} || '级“' || levels.level_name || '”' as level_label_zh,
        'Level ' || {{ review_number('levels.level_no') }} || ' (' || levels.level_name || ')' as level_label_en,
        max(
            case
                when levels.level_no = parties.last_all_level_no and levels.status = 'passed'
                    then levels.decided_at
            end
        ) over (partition by levels.chain_id, levels.subject_id) as last_all_passed_at
    from levels
    inner join {{ ref('int_review_parties') }} as parties
        on levels.chain_id = parties.chain_id and levels.subject_id = parties.subject_id
    inner join {{ ref('int_review_chain_levels') }} as rules
        on levels.chain_id = rules.chain_id and levels.level_no = rules.level_no
    left join {{ ref('int_review_organizations') }} as reviewers
        on levels.reviewer_uscc = reviewers.uscc
    left join {{ ref('int_project_lives') }} as lives
        on
            levels.subject_id = lives.project_no
            and cast(coalesce(levels.decided_at, levels.submitted_at) as date)
            between lives.matches_from and lives.matches_to

),

through as (

    select
        *,
        last_all_level_no is null or last_all_passed_at is not null as is_through,
        case when last_all_level_no is null then in_chain_since else last_all_passed_at end as through_at
    from judged

)

select
    *,
    -- a chain that no campaign uses admits nobody: there it is judged by those who are through
    case when is_used_by_campaign then is_admitted else is_through end as is_judged
from through
