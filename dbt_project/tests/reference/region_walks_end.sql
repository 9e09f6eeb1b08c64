-- The way from a code to those in use is no longer than int_region_today follows: a code has come
-- to one today if a code that took over from it has. Codes given out again are left out: what
-- they have come to is not what bore them before.
with lives as (
    select
        *,
        max(valid_from_year) over (partition by region_code) as last_from_year
    from {{ ref('regions') }}
)

select
    links.region_code,
    links.successor_code
from {{ ref('region_successors') }} as links
inner join lives
    on links.region_code = lives.region_code and links.valid_to_year = lives.valid_to_year
inner join lives as heirs
    on
        links.successor_code = heirs.region_code
        and links.year between heirs.valid_from_year and coalesce(heirs.valid_to_year, 9999)
inner join {{ ref('int_region_today') }} as today
    on links.region_code = today.region_code
inner join {{ ref('int_region_today') }} as heirs_today
    on links.successor_code = heirs_today.region_code
where
    links.kind = 'succession'
    and lives.valid_from_year = lives.last_from_year
    and heirs.valid_from_year = heirs.last_from_year
    and heirs_today.codes_today > 0
    and today.codes_today = 0
