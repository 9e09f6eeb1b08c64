-- What every list names, unit by unit: of the list that was handed in last; where there is none, or
-- it names more units than its official count, of the reference table.
with counts as (
    select
        landed.list_id,
        count(*) as listed_units,
        -- the reference knows better than a file whose own count is its number of rows
        coalesce(
            min(lists.official_count),
            case when min(landed.official_count) = max(landed.official_count) then min(landed.official_count) end
        ) as official_count
    from {{ ref('stg_county_lists') }} as landed
    inner join {{ ref('county_lists') }} as lists
        on landed.list_id = lists.list_id
    group by landed.list_id
),

standing as (
    select * from counts
    where listed_units <= coalesce(official_count, listed_units)
)

select
    landed.list_id,
    landed.region_code as listed_code,
    landed.name as listed_name,
    landed.resolved_code,
    landed.region_how,
    landed.candidate_codes,
    1 as listed_units,
    standing.official_count,
    true as is_landed,
    landed.export_date,
    landed.source_file_id,
    landed.source_row
from {{ ref('stg_county_lists') }} as landed
inner join standing
    on landed.list_id = standing.list_id

union all

select
    members.list_id,
    coalesce(members.region_code, members.listed_name) as listed_code,
    members.listed_name,
    members.region_code as resolved_code,
    case when members.region_code is null then 'no_code' else 'exact' end as region_how,
    null as candidate_codes,
    members.listed_units,
    lists.official_count,
    false as is_landed,
    null as export_date,
    null as source_file_id,
    null as source_row
from {{ ref('county_list_members') }} as members
inner join {{ ref('county_lists') }} as lists
    on members.list_id = lists.list_id
left join standing
    on members.list_id = standing.list_id
where standing.list_id is null
