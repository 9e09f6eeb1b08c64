-- Incidents and complaints of a campaign. The register's every export is the whole of it: from its
-- first export or first entry, whichever is earlier, to its newest export it is kept. Where it was
-- kept on all of the campaign's days, none is 0; elsewhere what it has counts, and none is not known.
with register as (
    select
        max(files.export_date) as kept_until,
        least(min(files.export_date), min(cast(entries.reported_at as date))) as kept_from
    from {{ source('lake', 'known_files') }} as files
    left join {{ ref('fact_incident') }} as entries
        on files.source_file_id = entries.source_file_id
    where files.source = 'incidents'
),

counted as (
    select
        campaign_id,
        sum(case when incident_kind = '舆情' then 1 else 0 end) as incidents,
        sum(case when incident_kind = '投诉' then 1 else 0 end) as complaints
    from {{ ref('fact_incident') }}
    where campaign_id is not null
    group by campaign_id
),

campaigns as (
    select
        campaigns.campaign_id,
        coalesce(
            campaigns.starts_on >= register.kept_from and campaigns.ends_on <= register.kept_until, false
        ) as is_kept,
        coalesce(counted.incidents, 0) as incidents,
        coalesce(counted.complaints, 0) as complaints
    from {{ ref('dim_campaign') }} as campaigns
    cross join register
    left join counted
        on campaigns.campaign_id = counted.campaign_id
)

select
    campaign_id,
    cast(case when is_kept or incidents > 0 then incidents end as bigint) as incidents,
    cast(case when is_kept or complaints > 0 then complaints end as bigint) as complaints
from campaigns
