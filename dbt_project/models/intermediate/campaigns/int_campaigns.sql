-- The register's campaigns, and those of the public calendar that are in no register.
with registered as (
    select * from {{ ref('stg_campaigns') }}
),

calendar as (
    select * from {{ ref('calendar_campaigns') }}
)

select
    campaign_id,
    name as name_zh,
    program_id,
    starts_on,
    ends_on,
    host_uscc,
    host_name,
    chain_id,
    platform as platform_name,
    true as is_registered
from registered

union all

select
    calendar.campaign_id,
    calendar.name_zh,
    calendar.program_id,
    cast(calendar.starts_on as date) as starts_on,
    cast(calendar.ends_on as date) as ends_on,
    null as host_uscc,
    calendar.host_name,
    null as chain_id,
    null as platform_name,
    false as is_registered
from calendar
left join registered
    on calendar.campaign_id = registered.campaign_id
where registered.campaign_id is null
