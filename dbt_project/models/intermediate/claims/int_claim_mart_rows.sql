-- What a mart has for a check that names one of its figures: how many rows fit, and the value if it
-- is one. A row fits if it has every `column=value` of the check's filter.
-- A table: it reads every mart, and several models read it.
{{ config(materialized='table') }}

with checks as (
    select
        check_id,
        mart,
        mart_column,
        {{ parts_of('mart_filter', 'term') }}
    from {{ ref('int_claim_checks') }}
    where check_kind = 'mart'
),

terms as (
    select
        check_id,
        count(*) as terms
    from checks
    group by check_id
),

fitting as (
    select
        checks.check_id,
        figures.row_key,
        figures.unit_kind,
        figures.value
    from checks
    inner join {{ ref('int_mart_figures') }} as figures
        on
            checks.mart = figures.mart
            and checks.mart_column = figures.mart_column
            and {{ dbt.position(
                dbt.concat(["';'", 'checks.term', "';'"]),
                dbt.concat(["';'", 'figures.row_key', "';'"])
            ) }} > 0
    inner join terms
        on checks.check_id = terms.check_id
    group by checks.check_id, figures.row_key, figures.unit_kind, figures.value, terms.terms
    having count(*) = terms.terms
)

select
    terms.check_id,
    count(fitting.row_key) as rows_found,
    max(fitting.unit_kind) as unit_kind,
    case when count(fitting.row_key) = 1 then max(fitting.value) end as value
from terms
left join fitting
    on terms.check_id = fitting.check_id
group by terms.check_id
