-- Donors by the year of their first gift and the year of giving, as donor_retention compares them.
{{ config(materialized='table') }}

{{ carried_on(
    donor_years, 'donor_years',
    by=['cohort_year', 'giving_year'],
    sums={'donor_count': 'bigint', 'donation_count': 'bigint', 'gross_cny': 'decimal(18, 2)'},
) }}
