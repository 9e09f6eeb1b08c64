select
    counts.registered_region_code,
    counts.counted_on,
    counts.region_code,
    regions.name as region_name,
    counts.registered,
    counts.filed,
    counts.total,
    {{ share_of('counts.registered', 'counts.total') }} as registered_share,
    row_number() over (
        partition by counts.registered_region_code order by counts.counted_on desc
    ) = 1 as is_latest,
    run.as_of
from {{ ref('fact_org_count') }} as counts
left join {{ ref('dim_region') }} as regions
    on counts.region_code = regions.region_code and regions.is_latest_of_code
cross join {{ source('lake', 'run') }} as run
