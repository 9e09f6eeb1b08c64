-- A list that was handed in stands instead of the reference table, which may be shorter but not
-- otherwise.
{{ config(severity='warn', meta={
    'rule_id': 'county_lists.landed_holds_reference',
    'zh': '收到的县域名单应包含参考表所载的每个县',
    'en': 'A county list that was handed in holds every county that the reference table has of it',
}) }}

select
    members.list_id,
    members.region_code,
    members.listed_name
from {{ ref('county_list_members') }} as members
inner join {{ ref('dim_county_list') }} as lists
    on members.list_id = lists.list_id and lists.is_landed
left join {{ ref('int_listed_counties') }} as listed
    on members.list_id = listed.list_id and members.region_code = listed.county_code
where members.region_code is not null and listed.county_code is null
