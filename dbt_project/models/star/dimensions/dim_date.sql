with days as (
    select
        date_day,
        cast(extract(year from date_day) as integer) as year,
        cast(extract(quarter from date_day) as integer) as quarter,
        cast(extract(month from date_day) as integer) as month,
        cast(extract(day from date_day) as integer) as day_of_month,
        -- 1990-01-01 was a Monday; week days are numbered differently in every engine
        cast(
            mod({{ dbt.datediff("date '1990-01-01'", 'date_day', 'day') }}, 7) + 1 as integer
        ) as iso_weekday
    from {{ ref('int_calendar') }}
)

select
    {{ date_key('date_day') }} as date_key,
    date_day,
    year,
    quarter,
    month,
    day_of_month,
    iso_weekday,
    case iso_weekday
        when 1 then '星期一'
        when 2 then '星期二'
        when 3 then '星期三'
        when 4 then '星期四'
        when 5 then '星期五'
        when 6 then '星期六'
        else '星期日'
    end as weekday_zh,
    iso_weekday >= 6 as is_weekend
from days

union all

select
    -1 as date_key,
    null as date_day,
    null as year,
    null as quarter,
    null as month,
    null as day_of_month,
    null as iso_weekday,
    '未知' as weekday_zh,
    null as is_weekend
