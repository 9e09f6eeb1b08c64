-- Lines of bills, each once: a bill of refunds repeats what the bill of all lines of its day says.
-- The newest stands. Only lines that may have come more than once are ranked, by their keys alone.
with lines as (
    select * from {{ ref('int_printed_bill_lines') }}
),

maybe_repeated as (
    select {{ row_hash(['bill_family', 'line_no']) }} as line_hash
    from lines
    group by {{ row_hash(['bill_family', 'line_no']) }}
    having count(*) > 1
),

ranked as (
    select
        lines.bill_family,
        lines.line_no,
        lines.received_no,
        lines.source_sheet,
        lines.source_row,
        row_number() over (
            partition by lines.bill_family, lines.line_no
            order by
                lines.export_date desc,
                lines.received_no desc,
                lines.source_sheet desc,
                lines.source_row desc
        ) as newest_first
    from lines
    inner join maybe_repeated
        on {{ row_hash(['lines.bill_family', 'lines.line_no']) }} = maybe_repeated.line_hash
),

newest as (
    select * from ranked
    where newest_first = 1
)

select lines.*
from lines
left join newest
    on lines.bill_family = newest.bill_family and lines.line_no = newest.line_no
where
    newest.line_no is null
    or (
        lines.received_no = newest.received_no
        and lines.source_sheet = newest.source_sheet
        and lines.source_row = newest.source_row
    )
