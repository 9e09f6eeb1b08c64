-- Never summed with gifts: a sponsor's money beside what the public gave. A grant belongs to the
-- campaign of the gift it names, whenever it was booked. Else it is found as for a gift: the one
-- that the export names or, for a grant without a gift, the one whose entry and window fit the day.
with grants as (
    select
        newest.*,
        cast(newest.matched_at as date) as matched_on
    from ({{ newest_state(
        ref('stg_tencent_matching'), ['matching_no'],
        newest=['platform_id', 'project_no', 'sponsor_type', 'sponsor_name', 'matched_at',
                'matched_cny'],
        told={'order_no': 'order_no', 'sponsor_uscc': 'sponsor_uscc', 'campaign_id': 'campaign_id'}
    ) }}) as newest
)

select
    grants.matching_no,
    grants.platform_id,
    {{ date_key('grants.matched_on') }} as date_key,
    grants.matched_at,
    grants.order_no,
    coalesce(projects.project_key, '-1') as project_key,
    grants.project_no,
    coalesce(projects.initiator_uscc, 'unknown') as initiator_uscc,
    coalesce(projects.supporter_uscc, 'unknown') as supporter_uscc,
    case
        when gifts.campaign_id <> 'unknown' then gifts.campaign_id
        when grants.campaign_id is not null then coalesce(campaigns.campaign_id, 'unknown')
        when gifts.order_no is not null then gifts.campaign_id
        else project_days.campaign_id
    end as campaign_id,
    grants.sponsor_type,
    grants.sponsor_name,
    grants.sponsor_uscc,
    grants.matched_cny,
    grants.export_date,
    grants.source_file_id,
    grants.source_row
from grants
left join {{ ref('int_project_lives') }} as projects
    on
        grants.project_no = projects.project_no
        and grants.matched_on between projects.matches_from and projects.matches_to
left join {{ ref('int_campaign_project_days') }} as project_days
    on
        grants.project_no = project_days.project_no
        and grants.matched_on = project_days.date_day
left join {{ ref('dim_campaign') }} as campaigns
    on grants.campaign_id = campaigns.campaign_id
left join {{ ref('int_matching_orders') }} as gifts
    on grants.platform_id = gifts.platform_id and grants.order_no = gifts.order_no
