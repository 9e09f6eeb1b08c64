-- Every day that dim_date knows. Fixed bounds: a day's key must not depend on when it is built.
{{ config(materialized='table') }}

with spine as (
    {{ dbt.date_spine('day', "date '1990-01-01'", "date '2050-01-01'") }}
)

select cast(date_day as date) as date_day
from spine
