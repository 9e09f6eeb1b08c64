-- A code has one name at a time, ends after it began, and is current exactly when it has no end.
with ordered as (
    select
        region_code,
        valid_from_year,
        valid_to_year,
        is_current,
        lead(valid_from_year) over (partition by region_code order by valid_from_year) as next_from
    from {{ ref('regions') }}
)

select *
from ordered
where
    valid_to_year < valid_from_year
    or is_current <> (valid_to_year is null)
    or (next_from is not null and (valid_to_year is null or next_from <= valid_to_year))
