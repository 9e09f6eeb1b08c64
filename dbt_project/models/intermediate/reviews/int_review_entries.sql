-- What entries say about a chain's subjects: a row per entry of a campaign that uses the chain.
-- The subject of an entry is its project or, in a chain for organisations, its applicant;
-- no entry is ever made for a beneficiary.
with entries as (

    select * from {{ ref('int_campaign_entries') }}

),

campaigns as (

    select * from {{ ref('int_campaigns') }}

),

chains as (

    select * from {{ ref('int_review_chains') }}
    where subject_type in ('project', 'organization')

)

select
    chains.chain_id,
    case
        when chains.subject_type = 'organization' then entries.applicant_uscc
        else entries.project_no
    end as subject_id,
    entries.campaign_id,
    entries.project_no,
    entries.applicant_uscc,
    entries.applied_on,
    entries.result = '入场' as is_admitted,
    -- an admission without a date is dated by the application: it cannot be earlier
    case
        when entries.result = '入场' then coalesce(entries.admitted_on, entries.applied_on)
    end as admitted_on,
    entries.go_live_at,
    campaigns.host_uscc
from entries
inner join campaigns on entries.campaign_id = campaigns.campaign_id
inner join chains on campaigns.chain_id = chains.chain_id
