{#-
  Donors (人), their gifts and yuan by the year of their first gift and the year of giving, of
  `gifts`, a relation of the shape of fact_donation. Most donors are seen in one year only;
  those seen in several are grouped by year as well.
-#}
{% macro donor_years(gifts) -%}
    {%- set year = "cast(extract(year from gifts.paid_at) as integer)" -%}
    {%- set number = donor_number('gifts.donor_key') -%}
    {%- set donors -%}
        select
            {{ number }} as donor_number,
            min({{ year }}) as cohort_year,
            max({{ year }}) as last_year,
            count(*) as donation_count,
            sum(gifts.amount_cny) as gross_cny
        from {{ gifts }} as gifts
        where gifts.donor_key <> 'unknown'
        group by {{ number }}
    {%- endset -%}
    with donors as (
        {{ made_once('donors', donors) }}
    ),

    several as (
        select
            donors.donor_number,
            donors.cohort_year,
            {{ year }} as giving_year,
            count(*) as donation_count,
            sum(gifts.amount_cny) as gross_cny
        from {{ gifts }} as gifts
        inner join donors
            on {{ number }} = donors.donor_number
        where gifts.donor_key <> 'unknown' and donors.cohort_year < donors.last_year
        group by donors.donor_number, donors.cohort_year, {{ year }}
    ),

    counted as (
        select
            cohort_year,
            cohort_year as giving_year,
            count(*) as donor_count,
            sum(donation_count) as donation_count,
            sum(gross_cny) as gross_cny
        from donors
        where cohort_year = last_year
        group by cohort_year

        union all

        select
            cohort_year,
            giving_year,
            count(*) as donor_count,
            sum(donation_count) as donation_count,
            sum(gross_cny) as gross_cny
        from several
        group by cohort_year, giving_year
    )

    select
        cohort_year,
        giving_year,
        cast(sum(donor_count) as bigint) as donor_count,
        cast(sum(donation_count) as bigint) as donation_count,
        cast(sum(gross_cny) as decimal(18, 2)) as gross_cny
    from counted
    group by cohort_year, giving_year
{%- endmacro %}
