-- The right side of a check in one row: its first and second number, and the sum of all.
-- A table: several models read it.
{{ config(materialized='table') }}

with operands as (
    select
        *,
        row_number() over (partition by check_id order by place) as place_no
    from {{ ref('int_claim_operands') }}
)

select
    check_id,
    sum(case when is_unknown then 1 else 0 end) as unknown_claims,
    sum(case when is_lost then 1 else 0 end) as lost_claims,
    min(unit_kind) as least_kind,
    max(unit_kind) as greatest_kind,
    max(case when place_no = 1 then unit_kind end) as first_kind,
    max(case when place_no = 2 then unit_kind end) as second_kind,
    max(case when place_no = 1 then printed_value end) as first_value,
    max(case when place_no = 1 then band_low end) as first_low,
    max(case when place_no = 1 then band_high end) as first_high,
    max(case when place_no = 2 then printed_value end) as second_value,
    max(case when place_no = 2 then band_low end) as second_low,
    max(case when place_no = 2 then band_high end) as second_high,
    -- of a number that is not there, true
    max(case when place_no = 1 and not is_low_included then 1 else 0 end) = 0 as is_first_low_in,
    max(case when place_no = 1 and not is_high_included then 1 else 0 end) = 0 as is_first_high_in,
    max(case when place_no = 2 and not is_low_included then 1 else 0 end) = 0 as is_second_low_in,
    max(case when place_no = 2 and not is_high_included then 1 else 0 end) = 0 as is_second_high_in,
    max(case when not is_low_included then 1 else 0 end) = 0 as is_every_low_in,
    max(case when not is_high_included then 1 else 0 end) = 0 as is_every_high_in,
    case when count(*) = count(printed_value) then sum(printed_value) end as sum_value,
    case when count(*) = count(band_low) then sum(band_low) end as sum_low,
    case when count(*) = count(band_high) then sum(band_high) end as sum_high
from operands
group by check_id
