-- The two clocks of the Charity Law (79; 73 of the law of 2016): a campaign's runs from its first
-- to its last day, a project's from its start to its end. An open end counts as longer than six
-- months. A project whose exports state neither its start nor its approval has no clock.
select
    'campaign' as subject_type,
    campaign_id as subject_id,
    name_zh as subject_name,
    starts_on,
    ends_on
from {{ ref('dim_campaign') }}
where is_registered and starts_on is not null

union all

select
    'project' as subject_type,
    project_no as subject_id,
    name as subject_name,
    coalesce(starts_on, approved_on) as starts_on,
    ends_on
from {{ ref('dim_project') }}
where
    is_current
    and project_key <> '-1'
    and coalesce(starts_on, approved_on) is not null
