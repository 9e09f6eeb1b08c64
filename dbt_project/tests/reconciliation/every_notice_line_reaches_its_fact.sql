{{ config(meta={
    'rule_id': 'fact_notice_donation.every_line',
    'zh': '捐赠公示的行数与金额须与清洗后的行一致',
    'en': 'Notice lines and their amounts agree with the lines as staged',
}) }}

with staged as (
    select
        line_kind,
        count(*) as rows_staged,
        sum(amount_cny) as amount_staged_cny
    from {{ ref('stg_donation_notices') }}
    group by line_kind
),

fact as (
    select
        line_kind,
        count(*) as rows_in_fact,
        sum(amount_cny) as amount_in_fact_cny
    from {{ ref('fact_notice_donation') }}
    group by line_kind
)

select
    staged.line_kind,
    staged.rows_staged,
    fact.rows_in_fact,
    staged.amount_staged_cny,
    fact.amount_in_fact_cny
from staged
left join fact
    on staged.line_kind = fact.line_kind
where
    fact.line_kind is null
    or staged.rows_staged <> fact.rows_in_fact
    or coalesce(staged.amount_staged_cny, 0) <> coalesce(fact.amount_in_fact_cny, 0)
