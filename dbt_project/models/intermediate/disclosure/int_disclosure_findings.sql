-- What the disclosed periods themselves show: gaps and overlaps between them, and figures that
-- were changed, published again as a correction or not.
select
    project_no,
    project_name,
    duty,
    duty_no,
    'periods_follow_each_other' as rule,
    window_from,
    window_to,
    cast(null as date) as done_on,
    case when duty = 'period_gap' then 'gap' else 'overlap' end as status,
    days
from {{ ref('int_disclosure_periods') }}

union all

select
    project_no,
    project_name,
    'correction' as duty,
    duty_no,
    'order_81' as rule,
    period_from as window_from,
    period_to as window_to,
    corrected_on as done_on,
    case when corrected_on is null then 'silent' else 'corrected' end as status,
    cast(null as bigint) as days
from {{ ref('int_disclosure_corrections') }}
