with regions as (
    select distinct region_code from {{ ref('dim_region') }}
)

select
    villages.village_code,
    coalesce(regions.region_code, 'unknown') as region_code,
    villages.joined_on,
    {{ date_key('villages.joined_on') }} as joined_date_key,
    villages.certified_villagers,
    villages.logs,
    villages.export_date,
    villages.source_file_id,
    villages.source_row
from {{ ref('stg_villages') }} as villages
left join regions
    on substr(villages.village_code, 1, 6) = regions.region_code
