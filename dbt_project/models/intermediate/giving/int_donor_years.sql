-- Donors by the year of their first gift and by year: what donor_retention compares. A build that
-- goes on from the last release takes out what the changed donors were and puts in what they are.
{{ config(materialized='table') }}
-- depends_on: {{ ref('int_gifts_before') }}
-- depends_on: {{ ref('int_gifts_of_changed_donors') }}

{% if donors_continued() %}
    with parts as (
        select * from {{ source('base', 'donor_years') }}

        union all

        select
            cohort_year,
            giving_year,
            -donor_count as donor_count,
            -donation_count as donation_count,
            -gross_cny as gross_cny
        from ({{ donor_years(ref('int_gifts_before')) }}) as before

        union all

        select * from ({{ donor_years(ref('int_gifts_of_changed_donors')) }}) as now
    )

    select
        cohort_year,
        giving_year,
        cast(sum(donor_count) as bigint) as donor_count,
        cast(sum(donation_count) as bigint) as donation_count,
        cast(sum(gross_cny) as decimal(18, 2)) as gross_cny
    from parts
    group by cohort_year, giving_year
    having sum(donor_count) <> 0
{% else %}
    {{ donor_years(ref('fact_donation')) }}
{% endif %}
