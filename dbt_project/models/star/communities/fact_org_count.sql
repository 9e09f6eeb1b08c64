with regions as (
    select distinct region_code from {{ ref('dim_region') }}
)

select
    counts.region_code as registered_region_code,
    counts.as_of as counted_on,
    coalesce(regions.region_code, 'unknown') as region_code,
    {{ date_key('counts.as_of') }} as counted_date_key,
    counts.registered,
    counts.filed,
    -- a printed total may be an earlier export's; where one is printed, its row was held to the sum
    counts.registered + counts.filed as total,
    counts.export_date,
    counts.source_file_id,
    counts.source_row
from {{ ref('stg_community_org_counts') }} as counts
left join regions
    on counts.region_code = regions.region_code
