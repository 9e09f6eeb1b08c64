{#- The longest way from a code to those in use takes five steps; a test says when it takes more. -#}
{%- set steps = 6 -%}
-- What every region code has become by today: places are compared by this, for old and new codes
-- of one county are one. A code that was split has no single code today: which of them is meant
-- is not guessed. A code that was issued again is the place that has it now. An area that only the
-- Bureau of Statistics codes is its own and of its prefecture, and no county.
{{ config(materialized='table') }}

with lives as (
    select
        *,
        row_number() over (partition by region_code order by valid_from_year desc) = 1 as is_latest
    from {{ ref('regions') }}
),

step_0 as (
    select
        region_code,
        region_code as then_code,
        valid_to_year as then_to_year
    from lives
    where is_latest
),

heirs as (
    select
        links.region_code,
        links.valid_to_year,
        lives.region_code as heir_code,
        lives.valid_to_year as heir_to_year
    from {{ ref('region_successors') }} as links
    inner join lives
        on
            links.successor_code = lives.region_code
            and links.year between lives.valid_from_year and coalesce(lives.valid_to_year, 9999)
    where links.kind = 'succession'
),

-- one chain of joins: a code that is in use has no heirs, and stays
{% for step in range(1, steps + 1) %}
    step_{{ step }} as (
        select distinct
            before.region_code,
            coalesce(heirs.heir_code, before.then_code) as then_code,
            case when heirs.heir_code is null then before.then_to_year else heirs.heir_to_year end
                as then_to_year
        from step_{{ step - 1 }} as before
        left join heirs
            on
                before.then_code = heirs.region_code
                and before.then_to_year = heirs.valid_to_year
    ),
{% endfor %}

arrived as (
    select
        region_code,
        then_code
    from step_{{ steps }}
    where then_to_year is null
),

todays as (
    select
        arrived.region_code,
        count(*) as codes_today,
        case when count(*) = 1 then min(arrived.then_code) end as code_today,
        case when count(*) = 1 then min(lives.level) end as level_today,
        case
            when count(distinct lives.prefecture_code) = 1 and count(*) = count(lives.prefecture_code)
                then min(lives.prefecture_code)
        end as prefecture_code
    from arrived
    inner join lives
        on arrived.then_code = lives.region_code and lives.is_latest
    group by arrived.region_code
)

select
    codes.region_code,
    coalesce(todays.codes_today, 0) as codes_today,
    todays.code_today,
    case when todays.level_today = 'county' then todays.code_today end as county_code,
    todays.prefecture_code
from step_0 as codes
left join todays
    on codes.region_code = todays.region_code

union all

select
    region_code,
    1 as codes_today,
    region_code as code_today,
    null as county_code,
    substr(region_code, 1, 4) || '00' as prefecture_code
from {{ ref('statistical_areas') }}
