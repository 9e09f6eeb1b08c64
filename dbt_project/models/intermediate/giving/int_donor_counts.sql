-- 人 of every scope that a mart names, counted once: distinct counts over millions of pseudonyms
-- are what marts cost; sums beside them are nearly free and stay with each mart. A build that
-- goes on from the last release takes out what the changed donors were and puts in what they are.
{{ config(materialized='table') }}
-- depends_on: {{ ref('int_gifts_before') }}
-- depends_on: {{ ref('int_gifts_of_changed_donors') }}

{% if donors_continued() %}
    with parts as (
        select * from {{ source('base', 'donor_counts') }}

        union all

        select
            scope_type,
            scope_id,
            giving_year,
            date_key,
            part,
            -donor_count as donor_count
        from ({{ donor_counts(ref('int_gifts_before')) }}) as before

        union all

        select * from ({{ donor_counts(ref('int_gifts_of_changed_donors')) }}) as now
    )

    select
        scope_type,
        scope_id,
        giving_year,
        date_key,
        part,
        cast(sum(donor_count) as bigint) as donor_count
    from parts
    group by scope_type, scope_id, giving_year, date_key, part
    having sum(donor_count) <> 0
{% else %}
    {{ donor_counts(ref('fact_donation')) }}
{% endif %}
