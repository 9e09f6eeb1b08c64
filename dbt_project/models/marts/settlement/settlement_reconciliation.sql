-- Fees stand beside payments and refunds, never in them. Printed totals are checked for the whole
-- bill of a day, so the result is the same on each of its rows.
with footers as (
    select
        source as bill_source,
        export_date as bill_date,
        count(distinct source_file_id) as footer_files,
        count(*) as footer_claims,
        sum(case when agrees then 0 else 1 end) as footer_claims_wrong
    from {{ source('lake', 'footer_claims') }}
    group by source, export_date
),

counted as (
    select
        bill_source,
        bill_family,
        bill_date,
        line_kind,
        match_status,
        count(*) as line_count,
        count(distinct order_no) as order_count,
        sum(case when is_late then 1 else 0 end) as late_lines,
        sum(coalesce(amount_cny, 0)) as bill_cny,
        sum(case when difference_cny is null then 1 else 0 end) as lines_of_unknown_difference,
        sum(difference_cny) as difference_cny,
        sum(coalesce(fee_millifen, 0)) as fee_millifen
    from {{ ref('fact_settlement') }}
    group by bill_source, bill_family, bill_date, line_kind, match_status
)

select
    counted.bill_source,
    counted.bill_family,
    counted.bill_date,
    counted.line_kind,
    counted.match_status,
    counted.line_count,
    counted.order_count,
    cast(counted.late_lines as bigint) as late_lines,
    cast(counted.bill_cny as decimal(18, 2)) as bill_cny,
    -- exports have payments and refunds, not the fees that a channel takes of them
    cast(
        case
            when counted.line_kind not in ('fee', 'other')
                then counted.bill_cny - coalesce(counted.difference_cny, 0)
        end as decimal(18, 2)
    ) as export_cny,
    cast(counted.difference_cny as decimal(18, 2)) as difference_cny,
    cast(counted.lines_of_unknown_difference as bigint) as lines_of_unknown_difference,
    cast(counted.fee_millifen as bigint) as fee_millifen,
    coalesce(footers.footer_files, 0) as footer_files,
    coalesce(footers.footer_claims, 0) as footer_claims,
    cast(coalesce(footers.footer_claims_wrong, 0) as bigint) as footer_claims_wrong,
    footers.footer_claims_wrong = 0 as footer_agrees,
    run.as_of
from counted
left join footers
    on counted.bill_source = footers.bill_source and counted.bill_date = footers.bill_date
cross join {{ source('lake', 'run') }} as run
