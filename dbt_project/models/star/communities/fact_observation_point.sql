with regions as (
    select distinct region_code from {{ ref('dim_region') }}
)

select
    points.region_code as registered_region_code,
    coalesce(regions.region_code, 'unknown') as region_code,
    points.level,
    points.stage,
    points.starts_on,
    {{ date_key('points.starts_on') }} as starts_date_key,
    points.ends_on,
    points.export_date,
    points.source_file_id,
    points.source_row
from {{ ref('stg_observation_points') }} as points
left join regions
    on points.region_code = regions.region_code
