with regions as (
    select distinct region_code from {{ ref('dim_region') }}
)

select
    funds.fund_id,
    funds.name,
    funds.community,
    coalesce(regions.region_code, 'unknown') as region_code,
    {{ region_text('funds.region_code', 'regions.region_code') }} as region_text,
    coalesce(funds.manager_uscc, 'unknown') as manager_uscc,
    funds.founded_on,
    {{ date_key('funds.founded_on') }} as founded_date_key,
    funds.closed_on,
    funds.balance_cny,
    funds.export_date,
    funds.source_file_id,
    funds.source_row
from {{ ref('stg_community_funds') }} as funds
left join regions
    on funds.region_code = regions.region_code
