-- 捐后返还: a bill pays a gift back, and later exports still count it as given. A flag only once an
-- export of the platform's gifts from a day after the bill has come.
with exports as (
    select
        platform_id,
        max(export_date) as newest_on
    from {{ ref('fact_donation') }}
    group by platform_id
),

repaid as (
    select
        platform_id,
        order_no,
        max(bill_date) as found_on,
        count(*) as refund_lines,
        -sum(amount_cny) as repaid_cny
    from {{ ref('fact_settlement') }}
    where
        line_kind = 'refund'
        and match_status = 'only_in_bill'
        and bill_family = 'trade'
        and coalesce(refund_status, 'SUCCESS') not in ('FAIL', 'CHANGE')
    group by platform_id, order_no
)

select
    'repaid_but_counted' as rule_id,
    concat_ws('', repaid.platform_id, '#', repaid.order_no) as finding_key,
    'order' as subject_type,
    repaid.order_no as subject_id,
    donations.project_no,
    donations.campaign_id,
    repaid.found_on,
    repaid.repaid_cny as amount_cny,
    repaid.refund_lines as evidence_rows,
    concat_ws(
        '', repaid.found_on, '账单退回', repaid.repaid_cny, '元，至', exports.newest_on,
        '的导出仍计为捐款', donations.amount_cny, '元、未退'
    ) as evidence_zh,
    concat_ws(
        '', 'a bill of ', repaid.found_on, ' pays back ', repaid.repaid_cny, ' yuan; exports up to ',
        exports.newest_on, ' still count the gift of ', donations.amount_cny, ' yuan in full'
    ) as evidence_en,
    concat_ws(
        '', 'select * from star.fact_settlement where platform_id = ',
        {{ sql_text('repaid.platform_id') }}, ' and order_no = ', {{ sql_text('repaid.order_no') }},
        ' and line_kind = ''refund'''
    ) as evidence_query
from repaid
inner join {{ ref('fact_donation') }} as donations
    on
        repaid.platform_id = donations.platform_id
        and repaid.order_no = donations.order_no
inner join exports
    on repaid.platform_id = exports.platform_id
where donations.refunded_cny = 0 and repaid.repaid_cny > 0 and repaid.found_on < exports.newest_on
