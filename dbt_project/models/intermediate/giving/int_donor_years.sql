-- Donors by the year of their first gift and by year: what donor_retention compares.
{{ config(materialized='table') }}

{{ donor_years(ref('fact_donation')) }}
