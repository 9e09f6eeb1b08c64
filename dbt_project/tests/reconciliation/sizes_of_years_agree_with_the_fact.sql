-- Every gift is paid in one year and falls into one band.
{{ config(meta={
    'rule_id': 'donation_sizes.years_agree_with_fact',
    'zh': '各年金额分布的笔数与总额须与捐赠事实一致',
    'en': 'The sizes of all years come to the gifts of the fact',
}) }}

with sizes as (
    select
        coalesce(sum(donation_count), 0) as gifts,
        coalesce(sum(gross_cny), 0) as gross_cny
    from {{ ref('donation_sizes') }}
    where scope_type = 'year'
),

fact as (
    select
        count(*) as gifts,
        coalesce(sum(amount_cny), 0) as gross_cny
    from {{ ref('fact_donation') }}
)

select
    sizes.gifts as gifts_in_sizes,
    fact.gifts as gifts_in_fact,
    sizes.gross_cny as gross_in_sizes_cny,
    fact.gross_cny as gross_in_fact_cny
from sizes
cross join fact
where sizes.gifts <> fact.gifts or sizes.gross_cny <> fact.gross_cny
