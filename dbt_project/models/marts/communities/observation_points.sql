-- Observation points as of the day: those in force, those that have ended, those still to come.
with points as (
    select
        places.prefecture_code,
        points.level,
        coalesce(points.stage, '未载') as stage,
        count(*) as listed,
        sum(case when points.ends_on < run.as_of then 1 else 0 end) as ended,
        sum(case when points.starts_on > run.as_of then 1 else 0 end) as upcoming
    from {{ ref('fact_observation_point') }} as points
    inner join {{ ref('int_region_prefectures') }} as places
        on points.region_code = places.region_code
    cross join {{ source('lake', 'run') }} as run
    group by places.prefecture_code, points.level, coalesce(points.stage, '未载')
)

select
    points.prefecture_code,
    prefectures.name as prefecture_name,
    points.level,
    points.stage,
    points.listed,
    cast(points.listed - points.ended - points.upcoming as bigint) as in_force,
    cast(points.ended as bigint) as ended,
    cast(points.upcoming as bigint) as upcoming,
    run.as_of
from points
left join {{ ref('dim_region') }} as prefectures
    on points.prefecture_code = prefectures.region_code and prefectures.is_latest_of_code
cross join {{ source('lake', 'run') }} as run
