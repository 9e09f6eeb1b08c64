-- Six digits, the level that they say, and the province and prefecture that they begin with.
select
    region_code,
    level,
    province_code,
    prefecture_code
from {{ ref('regions') }}
where
    length(region_code) <> 6
    or translate(region_code, '0123456789', '') <> ''
    or province_code <> substr(region_code, 1, 2) || '0000'
    or prefecture_code <> substr(region_code, 1, 4) || '00'
    or level <> case
        when substr(region_code, 3) = '0000' then 'province'
        when substr(region_code, 5) = '00' then 'prefecture'
        else 'county'
    end
    or (level = 'county') <> (county_name is not null)
