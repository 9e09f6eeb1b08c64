-- A cohort is the donors (人, pseudonyms) whose first gift in the warehouse is of that year. A
-- year in which none of them gave is a true 0; a year without any pseudonym has no row.
with active as (
    select * from {{ ref('int_donor_years') }}
),

cohorts as (
    select
        cohort_year,
        donor_count as cohort_donors
    from active
    where giving_year = cohort_year
),

years as (
    select distinct giving_year from active
)

select
    cohorts.cohort_year,
    years.giving_year as year,
    cast(years.giving_year - cohorts.cohort_year as integer) as years_since,
    cohorts.cohort_donors,
    coalesce(active.donor_count, 0) as donors,
    {{ share_of('coalesce(active.donor_count, 0)', 'cohorts.cohort_donors') }} as retained_share,
    cast(coalesce(active.donation_count, 0) as bigint) as donation_count,
    cast(coalesce(active.gross_cny, 0) as decimal(18, 2)) as gross_cny,
    run.as_of
from cohorts
inner join years
    on cohorts.cohort_year <= years.giving_year
left join active
    on
        cohorts.cohort_year = active.cohort_year
        and years.giving_year = active.giving_year
cross join {{ source('lake', 'run') }} as run
