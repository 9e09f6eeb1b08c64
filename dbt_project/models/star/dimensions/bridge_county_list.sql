with regions as (
    select distinct region_code from {{ ref('dim_region') }}
)

select
    units.list_id,
    units.listed_code,
    units.listed_name,
    coalesce(regions.region_code, 'unknown') as region_code,
    units.region_how,
    units.candidate_codes,
    cast(units.listed_units as integer) as listed_units,
    lists.list_is_complete,
    units.is_landed,
    units.export_date,
    units.source_file_id,
    units.source_row
from {{ ref('int_county_list_units') }} as units
inner join {{ ref('dim_county_list') }} as lists
    on units.list_id = lists.list_id
left join regions
    on units.resolved_code = regions.region_code
