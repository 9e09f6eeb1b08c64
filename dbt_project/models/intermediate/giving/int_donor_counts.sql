-- 人 of every scope that a mart names, counted once: distinct counts over millions of pseudonyms
-- are what marts cost; sums beside them are nearly free and stay with each mart.
{{ config(materialized='table') }}

{{ carried_on(
    donor_counts, 'donor_counts',
    by=['scope_type', 'scope_id', 'giving_year', 'date_key', 'part'],
    sums={'donor_count': 'bigint'},
) }}
