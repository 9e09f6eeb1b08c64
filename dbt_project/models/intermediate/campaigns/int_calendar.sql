-- Every day that dim_date knows. Fixed bounds: a day's key must not depend on when it is built.
{{ config(materialized='table') }}

select {{ each_day("date '1990-01-01'", "date '2049-12-31'") }} as date_day
