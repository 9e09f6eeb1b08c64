-- 人 of every scope that a mart names, counted once: distinct counts over millions of pseudonyms
-- are what marts cost; sums beside them are nearly free and stay with each mart.
{{ config(materialized='table') }}

{{ donor_counts(ref('fact_donation')) }}
