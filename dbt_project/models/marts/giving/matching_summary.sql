-- A sponsor's grants in a campaign, beside the gifts they match and never added to them.
with sponsors as (
    select
        campaign_id,
        sponsor_key,
        max(sponsor_uscc) as sponsor_uscc,
        max(sponsor_name) as sponsor_name,
        count(*) as grants,
        count(distinct project_no) as projects,
        sum(matched_cny) as matched_cny,
        sum(case when sponsor_type = '平台配捐' then matched_cny else 0 end) as platform_cny,
        sum(case when sponsor_type = '企业配捐' then matched_cny else 0 end) as corporate_cny,
        sum(case when sponsor_type = '非定向激励' then matched_cny else 0 end) as incentive_cny,
        sum(case when is_self_matching then 1 else 0 end) as self_matched_grants,
        sum(case when is_self_matching then matched_cny else 0 end) as self_matched_cny
    from {{ ref('int_matching_grants') }}
    where campaign_id is not null
    group by campaign_id, sponsor_key
)

select
    sponsors.campaign_id,
    sponsors.sponsor_key,
    sponsors.sponsor_uscc,
    sponsors.sponsor_name,
    sponsors.grants,
    sponsors.projects,
    cast(sponsors.matched_cny as decimal(18, 2)) as matched_cny,
    cast(sponsors.platform_cny as decimal(18, 2)) as platform_cny,
    cast(sponsors.corporate_cny as decimal(18, 2)) as corporate_cny,
    cast(sponsors.incentive_cny as decimal(18, 2)) as incentive_cny,
    gifts.matched_gifts,
    cast(gifts.matched_on_gifts_cny as decimal(18, 2)) as matched_on_gifts_cny,
    cast(gifts.matched_gifts_cny as decimal(18, 2)) as matched_gifts_cny,
    {{ ratio_of('gifts.matched_on_gifts_cny', 'gifts.matched_gifts_cny') }} as multiplier,
    sponsors.self_matched_grants > 0 as self_matching,
    cast(sponsors.self_matched_grants as bigint) as self_matched_grants,
    cast(sponsors.self_matched_cny as decimal(18, 2)) as self_matched_cny,
    run.as_of
from sponsors
left join {{ ref('int_matched_gifts') }} as gifts
    on
        sponsors.campaign_id = gifts.campaign_id
        and sponsors.sponsor_key = gifts.sponsor_key
cross join {{ source('lake', 'run') }} as run
