-- Which campaign a gift to a project on a day belongs to when its export names none: the one
-- that has an entry for the project and whose window holds the day; of several, the narrowest
-- window, then the one that began last. One row per day, so that gifts need no range join.
with candidates as (
    select
        entries.project_no,
        calendar.date_day,
        campaigns.campaign_id,
        row_number() over (
            partition by entries.project_no, calendar.date_day
            order by
                {{ dbt.datediff('campaigns.starts_on', 'campaigns.ends_on', 'day') }} asc,
                campaigns.starts_on desc,
                campaigns.campaign_id asc
        ) as narrowest_first
    from {{ ref('int_campaign_entries') }} as entries
    inner join {{ ref('int_campaigns') }} as campaigns
        on entries.campaign_id = campaigns.campaign_id
    inner join {{ ref('int_calendar') }} as calendar
        on calendar.date_day between campaigns.starts_on and campaigns.ends_on
)

select
    project_no,
    date_day,
    campaign_id
from candidates
where narrowest_first = 1
