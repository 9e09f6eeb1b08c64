-- A link leads to a code that is in use in its year, from a life that ended the year before
-- (succession) or that stood at the year's end (transfer); and no link occurs twice.
with links as (
    select
        s.region_code,
        s.valid_to_year,
        s.successor_code,
        s.year,
        s.kind,
        count(*) over (
            partition by s.region_code, s.year, s.successor_code, s.kind
        ) as times
    from {{ ref('region_successors') }} as s
)

select links.*
from links
left join {{ ref('regions') }} as heir
    on
        links.successor_code = heir.region_code
        and links.year between heir.valid_from_year and coalesce(heir.valid_to_year, 9999)
left join {{ ref('regions') }} as life
    on
        links.region_code = life.region_code
        and coalesce(links.valid_to_year, 9999) = coalesce(life.valid_to_year, 9999)
where
    links.times > 1
    or heir.region_code is null
    or life.region_code is null
    or (links.kind = 'succession' and links.valid_to_year <> links.year - 1)
    or (links.kind = 'transfer' and life.valid_from_year > links.year)
