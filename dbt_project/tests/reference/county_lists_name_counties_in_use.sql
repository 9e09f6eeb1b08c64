-- A member of a county list is a county in use, once per list, or a unit without a code; no list
-- exceeds its official count.
with members as (
    select
        m.list_id,
        m.region_code,
        lists.official_count,
        r.region_code as known_code,
        count(m.region_code) over (partition by m.list_id, m.region_code) as times,
        sum(m.listed_units) over (partition by m.list_id) as listed
    from {{ ref('county_list_members') }} as m
    left join {{ ref('county_lists') }} as lists
        on m.list_id = lists.list_id
    left join {{ ref('regions') }} as r
        on m.region_code = r.region_code and r.is_current and r.level = 'county'
)

select *
from members
where (region_code is not null and known_code is null) or times > 1 or listed > official_count
