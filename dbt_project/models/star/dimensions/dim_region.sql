with regions as (
    select
        *,
        row_number() over (
            partition by region_code order by valid_from_year desc
        ) = 1 as is_latest_of_code
    from {{ ref('regions') }}
),

listed as (
    select
        county_code,
        max(case when list_id = 'key_160' then 1 else 0 end) = 1 as is_key_160,
        max(case when list_id = 'poor_832' then 1 else 0 end) = 1 as is_poor_832,
        max(case when list_id = 'sichuan_39' then 1 else 0 end) = 1 as is_sichuan_39,
        max(case when list_id = 'sanqu_sanzhou' then 1 else 0 end) = 1 as is_sanqu_sanzhou
    from {{ ref('int_listed_counties') }}
    group by county_code
)

select
    regions.region_code,
    regions.name,
    regions.level,
    regions.province_code,
    regions.province_name,
    regions.prefecture_code,
    regions.prefecture_name,
    regions.county_name,
    regions.band4,
    regions.band3,
    coalesce(listed.is_key_160, false) as is_key_160,
    coalesce(listed.is_poor_832, false) as is_poor_832,
    coalesce(listed.is_sichuan_39, false) as is_sichuan_39,
    coalesce(listed.is_sanqu_sanzhou, false) as is_sanqu_sanzhou,
    regions.valid_from_year,
    regions.valid_to_year,
    regions.is_current,
    regions.is_latest_of_code,
    regions.successor_codes,
    case when regions.is_latest_of_code then today.code_today end as code_today
from regions
left join listed
    -- the lists use current codes: what had a code before is another county
    on
        regions.region_code = listed.county_code
        and regions.is_latest_of_code
left join {{ ref('int_region_today') }} as today
    on regions.region_code = today.region_code

union all

-- told apart from counties: their prefecture is known, their county is not
select
    areas.region_code,
    areas.name,
    'statistical_area' as level,
    prefectures.province_code,
    prefectures.province_name,
    prefectures.prefecture_code,
    prefectures.prefecture_name,
    null as county_name,
    prefectures.band4,
    prefectures.band3,
    false as is_key_160,
    false as is_poor_832,
    false as is_sichuan_39,
    false as is_sanqu_sanzhou,
    0 as valid_from_year,
    null as valid_to_year,
    true as is_current,
    true as is_latest_of_code,
    null as successor_codes,
    areas.region_code as code_today
from {{ ref('statistical_areas') }} as areas
inner join {{ ref('regions') }} as prefectures
    on
        prefectures.region_code = substr(areas.region_code, 1, 4) || '00'
        and prefectures.is_current

union all

select
    'unknown' as region_code,
    '未知地区' as name,
    'unknown' as level,
    null as province_code,
    '未知' as province_name,
    null as prefecture_code,
    null as prefecture_name,
    null as county_name,
    '未知' as band4,
    '未知' as band3,
    false as is_key_160,
    false as is_poor_832,
    false as is_sichuan_39,
    false as is_sanqu_sanzhou,
    0 as valid_from_year,
    null as valid_to_year,
    true as is_current,
    true as is_latest_of_code,
    null as successor_codes,
    null as code_today
