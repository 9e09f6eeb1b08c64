-- The prefecture that a region code counts for, as it is today; where there is none (municipalities,
-- counties directly under a province, a province itself) the province.
select
    regions.region_code,
    coalesce(today.prefecture_code, regions.province_code, 'unknown') as prefecture_code
from {{ ref('dim_region') }} as regions
left join {{ ref('int_region_today') }} as today
    on regions.region_code = today.region_code
where regions.is_latest_of_code
