select
    campaign_id,
    cast(extract(year from matched_at) as integer) as giving_year,
    sum(matched_cny) as matching_cny
from {{ ref('fact_matching') }}
where campaign_id is not null
group by campaign_id, cast(extract(year from matched_at) as integer)
