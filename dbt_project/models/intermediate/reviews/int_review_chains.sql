-- A chain as a whole: its subjects' kind, its last `all` level, and who hosts it.
with levels as (

    select * from {{ ref('int_review_chain_levels') }}

),

campaigns as (

    select
        chain_id,
        host_uscc,
        row_number() over (
            partition by chain_id
            order by case when host_uscc is null then 1 else 0 end, starts_on desc, campaign_id desc
        ) as newest_first
    from {{ ref('int_campaigns') }}
    where chain_id is not null

),

shape as (

    select
        chain_id,
        min(chain_name) as chain_name,
        min(subject_type) as subject_type,
        max(case when coverage = 'all' then level_no end) as last_all_level_no,
        sum(case when coverage = 'all' then 1 else 0 end) as levels_required
    from levels
    group by chain_id

)

select
    shape.chain_id,
    shape.chain_name,
    shape.subject_type,
    shape.last_all_level_no,
    cast(shape.levels_required as integer) as levels_required,
    campaigns.chain_id is not null as is_used_by_campaign,
    campaigns.host_uscc
from shape
left join campaigns
    on
        shape.chain_id = campaigns.chain_id
        and campaigns.newest_first = 1
