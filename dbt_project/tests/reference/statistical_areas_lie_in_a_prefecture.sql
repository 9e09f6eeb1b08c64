-- A statistical area lies in a prefecture in use, and no region ever had its code.
select areas.region_code
from {{ ref('statistical_areas') }} as areas
left join {{ ref('regions') }} as prefectures
    on
        prefectures.region_code = substr(areas.region_code, 1, 4) || '00'
        and prefectures.is_current
        and prefectures.level = 'prefecture'
left join {{ ref('regions') }} as regions
    on areas.region_code = regions.region_code
where prefectures.region_code is null or regions.region_code is not null
