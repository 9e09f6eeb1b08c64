-- The counties in use that a list comes to. A list may name a prefecture or a province: all of its
-- counties are meant.
select distinct
    units.list_id,
    counties.region_code as county_code
from {{ ref('int_county_list_units') }} as units
inner join {{ ref('regions') }} as counties
    on
        counties.is_current
        and counties.level = 'county'
        and units.resolved_code in (counties.region_code, counties.prefecture_code, counties.province_code)
