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

{% for step in range(1, steps + 1) %}
    step_{{ step }} as (
        select distinct
            before.region_code,
            heirs.region_code as then_code,
            heirs.valid_to_year as then_to_year
        from step_{{ step - 1 }} as before
        inner join {{ ref('region_successors') }} as links
            on
                before.then_code = links.region_code
                and before.then_to_year = links.valid_to_year
                and links.kind = 'succession'
        inner join lives as heirs
            on
                links.successor_code = heirs.region_code
                and links.year between heirs.valid_from_year and coalesce(heirs.valid_to_year, 9999)
    ),
{% endfor %}

arrived as (
    {% for step in range(steps + 1) %}
        select
            region_code,
            then_code
        from step_{{ step }}
        where then_to_year is null
        {% if not loop.last %}union distinct{% endif %}
    {% endfor %}
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
