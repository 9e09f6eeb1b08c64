-- 捐后报销: a project pays somebody out on or after the day of that person's gift to it. Platforms
-- know a donor by account and registers by name, so a platform's gift is found by its order and a
-- gift made offline by its pseudonym. A gift that was refunded in full no longer counts as given.
with gifts as (
    select
        repayments.project_no,
        repayments.repayment_no,
        donations.campaign_id,
        cast(donations.paid_at as date) as given_on,
        1 as is_by_order
    from {{ ref('fact_repayment') }} as repayments
    inner join {{ ref('fact_donation') }} as donations
        on
            repayments.order_no = donations.order_no
            and repayments.project_no = donations.project_no
            and repayments.paid_on >= cast(donations.paid_at as date)
    where donations.status <> '已退款'

    union all

    select
        repayments.project_no,
        repayments.repayment_no,
        offline.campaign_id,
        offline.received_on as given_on,
        0 as is_by_order
    from {{ ref('fact_repayment') }} as repayments
    inner join {{ ref('fact_offline_gift') }} as offline
        on
            repayments.payee_key = offline.donor_key
            and repayments.project_no = offline.project_no
            and repayments.paid_on >= offline.received_on
    where repayments.payee_key <> 'unknown'
),

found as (
    select
        project_no,
        repayment_no,
        max(campaign_id) as campaign_id,
        max(given_on) as given_on,
        count(*) as gifts,
        max(is_by_order) as is_by_order
    from gifts
    group by project_no, repayment_no
)

select
    'repaid_after_gift' as rule_id,
    concat_ws('', found.project_no, '#', found.repayment_no) as finding_key,
    case when found.is_by_order = 1 then 'order' else 'donor' end as subject_type,
    case when found.is_by_order = 1 then repayments.order_no else repayments.payee_key end as subject_id,
    found.project_no,
    found.campaign_id,
    repayments.paid_on as found_on,
    repayments.amount_cny,
    1 as evidence_rows,
    concat_ws(
        '', repayments.paid_on, '返还', repayments.amount_cny, '元；此前向该项目捐赠', found.gifts,
        '笔，最近一笔在', found.given_on,
        case when found.is_by_order = 1 then '（同一订单）' else '（同一化名）' end
    ) as evidence_zh,
    concat_ws(
        '', repayments.paid_on, ': ', repayments.amount_cny, ' yuan paid out; gifts to the project before: ',
        found.gifts, ', the last on ', found.given_on,
        case when found.is_by_order = 1 then ' (the same order)' else ' (the same pseudonym)' end
    ) as evidence_en,
    concat_ws(
        '', 'select * from star.fact_repayment where project_no = ', {{ sql_text('found.project_no') }},
        ' and repayment_no = ', {{ sql_text('found.repayment_no') }}
    ) as evidence_query
from found
inner join {{ ref('fact_repayment') }} as repayments
    on
        found.project_no = repayments.project_no
        and found.repayment_no = repayments.repayment_no
