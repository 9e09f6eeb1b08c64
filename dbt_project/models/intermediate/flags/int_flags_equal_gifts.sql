-- 套捐: five or more equal gifts of 100.00 yuan or less, of one donor to one project on one day,
-- each of which drew a matching grant.
with matched as (
    select distinct
        platform_id,
        order_no
    from {{ ref('int_matching_grants') }}
    where order_no is not null
),

series as (
    select
        donations.donor_key,
        donations.project_no,
        cast(donations.paid_at as date) as paid_on,
        donations.amount_cny,
        max(donations.campaign_id) as campaign_id,
        count(*) as gifts,
        sum(donations.amount_cny) as gross_cny
    from {{ ref('fact_donation') }} as donations
    inner join matched
        on
            donations.platform_id = matched.platform_id
            and donations.order_no = matched.order_no
    where
        donations.donor_key <> 'unknown'
        and donations.amount_cny <= 100.00
        and donations.order_no in (select drew.order_no from matched as drew)
    group by
        donations.donor_key,
        donations.project_no,
        cast(donations.paid_at as date),
        donations.amount_cny
    having count(*) >= 5
)

select
    'equal_small_gifts' as rule_id,
    concat_ws('', donor_key, '#', project_no, '#', paid_on, '#', amount_cny) as finding_key,
    'donor' as subject_type,
    donor_key as subject_id,
    project_no,
    campaign_id,
    paid_on as found_on,
    gross_cny as amount_cny,
    gifts as evidence_rows,
    concat_ws('', paid_on, '：', gifts, '笔各', amount_cny, '元，每笔都有配捐') as evidence_zh,
    concat_ws('', paid_on, ': ', gifts, ' gifts of ', amount_cny, ' yuan each, all of them matched')
        as evidence_en,
    concat_ws(
        '', 'select * from star.fact_donation where donor_key = ', {{ sql_text('donor_key') }},
        ' and project_no = ', {{ sql_text('project_no') }}, ' and amount_cny = ', amount_cny,
        ' and cast(paid_at as date) = date ''', paid_on, '''',
        ' and (platform_id, order_no) in (select (platform_id, order_no) from star.fact_matching)'
    ) as evidence_query
from series
