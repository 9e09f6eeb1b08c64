-- The small tables of the bare limit: type-2 versions, snapshots, reference look-ups.
create schema star;
create schema marts;

create temp table regions as
select distinct on (region_code) * from read_csv('{seeds}/regions.csv', all_varchar = true)
order by region_code, valid_from_year::int desc;

create temp table snapshots as
select
    * exclude (state, target, current_donate_amount, current_donate_count, is_monthly_donate,
        approved_on, start_on, end_on, org_name, org_uscc, funder_org_name, funder_uscc, cate,
        sub_cate),
    case state when '3' then '筹款中' when '5' then '结束筹款' else state end as state,
    (target * 0.01)::decimal(18, 2) as target_cny,
    (current_donate_amount * 0.01)::decimal(18, 2) as raised_cny,
    current_donate_count::bigint as participations,
    is_monthly_donate = '是' as takes_monthly_gifts,
    try_cast(approved_on as date) as approved_on,
    try_cast(start_on as date) as starts_on,
    try_cast(end_on as date) as ends_on,
    org_name as initiator_name, org_uscc as initiator_uscc,
    funder_org_name as supporter_name, funder_uscc as supporter_uscc,
    cate as category, sub_cate as sub_category
from projects_read;

create table star.dim_project as
with shown as (
    select *, row(name, category, sub_category, initiator_uscc, initiator_name, supporter_uscc,
        supporter_name, filing_no, region_code, target_cny, state, approved_on, starts_on, ends_on,
        parent_project_no) as said
    from snapshots
),
versions as (
    select * from shown
    window w as (partition by project_no order by export_date)
    qualify lag(said) over w is distinct from said or row_number() over w = 1
)
select
    project_no || '@' || export_date as project_key, project_no, name, category as domain,
    initiator_uscc, initiator_name, supporter_uscc, supporter_name, filing_no,
    filing_no[:18] = supporter_uscc as is_filing_consistent, region_code, target_cny, state,
    approved_on, starts_on, ends_on, parent_project_no,
    row_number() over w::integer as version_no, export_date as valid_from,
    (lead(export_date) over w - 1)::date as valid_to, lead(export_date) over w is null as is_current
from versions
window w as (partition by project_no order by export_date)
union all
select '-1', 'unknown', '未知项目', null, 'unknown', null, 'unknown', null, null, null, 'unknown',
    null, null, null, null, null, null, 1, date '1900-01-01', null, true;

create table star.fact_project_snapshot as
select
    s.project_no, s.export_date, strftime(s.export_date, '%Y%m%d')::integer as date_key,
    p.project_key, s.state, s.target_cny, s.raised_cny, s.participations, s.takes_monthly_gifts,
    s.source_file_id, s.source_row
from snapshots as s
join star.dim_project as p
    on s.project_no = p.project_no
    and s.export_date between p.valid_from and coalesce(p.valid_to, date '9999-12-31');

create table star.dim_organization as
with shown as (
    select *, row(name, former_names, kind, can, registration_authority, level, region_code,
        founded_on) as said
    from organizations_read
),
versions as (
    select * from shown
    window w as (partition by uscc order by export_date)
    qualify lag(said) over w is distinct from said or row_number() over w = 1
)
select
    uscc || '@' || export_date as organization_key, uscc, is_uscc_valid, name,
    nullif(former_names, '') as former_names, kind, can as can_fundraise_publicly,
    registration_authority, level,
    -- what is no region's code stands as unknown
    case when region_code is null or region_code in (select r.region_code from regions as r)
        then region_code else 'unknown' end as region_code, founded_on, false as is_inferred,
    row_number() over w::integer as version_no, export_date as valid_from,
    (lead(export_date) over w - 1)::date as valid_to, lead(export_date) over w is null as is_current
from versions
window w as (partition by uscc order by export_date)
union all
-- every code that projects and campaigns name is registered here: one member is left
select '-1', 'unknown', null, '未知组织', null, null, null, null, null, null, null, true, 1,
    date '1900-01-01', null, true;

create table star.dim_campaign as
with registered as (
    select * from read_csv('{campaigns}', skip = 3, header = false, all_varchar = true, names = [
        'campaign_id', 'name_zh', 'program_id', 'starts_on', 'ends_on', 'host_uscc', 'host_name',
        'chain_id', 'platform_name'])
)
select
    campaign_id, name_zh, coalesce(program_id, 'unknown') as program_id,
    starts_on::date as starts_on, ends_on::date as ends_on, host_uscc, host_name, chain_id,
    true as is_registered
from registered
union all
select
    c.campaign_id, c.name_zh, coalesce(c.program_id, 'unknown'), c.starts_on::date,
    c.ends_on::date, null, c.host_name, null, false
from read_csv('{seeds}/calendar_campaigns.csv', all_varchar = true) as c
anti join registered using (campaign_id)
union all
select 'unknown', '未知活动', 'unknown', null, null, null, null, null, false;

-- what a gift looks up by its project and day, in one join
create temp table lives as
with entered as (
    select e.project_no, c.campaign_id, c.starts_on, c.ends_on
    from read_csv('{entries}', skip = 2, header = false, all_varchar = true) as e (campaign_id, project_no)
    join star.dim_campaign as c using (campaign_id)
)
select
    e.campaign_id as entered_campaign_id, e.starts_on as entered_from, e.ends_on as entered_to,
    p.project_no, p.project_key, coalesce(p.initiator_uscc, 'unknown') as initiator_uscc,
    coalesce(p.supporter_uscc, 'unknown') as supporter_uscc,
    coalesce(r.region_code, 'unknown') as project_region_code,
    case when p.version_no = 1 then date '1900-01-01' else p.valid_from end as lives_from,
    coalesce(p.valid_to, date '9999-12-31') as lives_to
from star.dim_project as p
left join regions as r using (region_code)
left join entered as e using (project_no)
where p.project_key <> '-1';
