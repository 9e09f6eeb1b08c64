"""The fact and the main marts in SQL common to DuckDB, PostgreSQL and Spark.

Each statement reads `orders` (typed rows of every export) and the small tables `projects`, `bands`,
`channels`. Names in braces are replaced by each engine's own syntax.
"""

from __future__ import annotations

#: Newest state of each order, paid ones only, with looked-up columns.
FACT = """
    with ranked as (
        select *, row_number() over (
            partition by order_no order by export_date desc, file_no desc, row_no desc
        ) as newest_first
        from orders
        where amount_cny > 0 and coalesce(refund_cny, 0) <= amount_cny and paid_at >= {since}
            and length(order_no) = 25
            and status in ('支付成功', '已退款', '部分退款', '支付失败', '待支付')
    ),
    paid as (
        select *, case
            when status = '已退款' then coalesce(nullif(refund_cny, 0), amount_cny)
            when status = '部分退款' then nullif(refund_cny, 0)
            when refund_cny is null and has_refund then null
            else coalesce(refund_cny, 0) end as refunded_cny
        from ranked
        where newest_first = 1 and status in ('支付成功', '已退款', '部分退款')
    )
    select
        g.order_no, 'tencent' as platform_id, g.paid_at, g.project_no,
        coalesce(p.initiator_uscc, 'unknown') as initiator_uscc,
        coalesce(g.donor_key, 'unknown') as donor_key, g.donor_kind,
        coalesce(d.region_code, 'unknown') as donor_region_code,
        coalesce(d.band3, '未知') as donor_band, coalesce(r.band3, '未知') as project_band,
        g.campaign_id, coalesce(c.channel_id, 'unknown') as channel_id, g.team_id, g.amount_cny,
        cast(g.refunded_cny as decimal(18, 2)) as refunded_cny,
        cast(g.amount_cny - g.refunded_cny as decimal(18, 2)) as net_cny, g.export_date
    from paid as g
    left join projects as p on g.project_no = p.project_no
    left join bands as d on g.donor_region = d.region_code
    left join bands as r on p.region_code = r.region_code
    left join channels as c on g.channel = c.name_zh
"""
_DONORS = "count(distinct nullif(donor_key, 'unknown')) as donor_count"
_SUMS = f"""count(*) as donation_count, {_DONORS}, sum(amount_cny) as gross_cny,
    sum(refunded_cny) as refunded_cny, sum(net_cny) as net_cny"""
_YEAR = "extract(year from paid_at)"
_BAND = """case when amount_cny <= 10 then 1 when amount_cny <= 50 then 2
    when amount_cny <= 100 then 3 when amount_cny <= 500 then 4 when amount_cny <= 1000 then 5
    when amount_cny <= 10000 then 6 when amount_cny <= 100000 then 7 else 8 end"""
#: Name → query over `fact_donation`.
MARTS = {
    "dim_donor": """
        select donor_key, min(cast(paid_at as date)) as first_gift_on, max(donor_kind) as donor_kind
        from fact_donation where donor_key <> 'unknown' group by donor_key""",
    "campaign_daily": f"""
        select campaign_id, cast(paid_at as date) as date_day, {_SUMS}
        from fact_donation where campaign_id is not null
        group by campaign_id, cast(paid_at as date)""",
    "campaign_summary": f"""
        select campaign_id, {_SUMS} from fact_donation where campaign_id is not null
        group by campaign_id""",
    "donation_sizes": f"""
        select {_YEAR} as year, {_BAND} as band_no, {_SUMS}
        from fact_donation group by {_YEAR}, {_BAND}""",
    "donor_retention": f"""
        with years as (
            select donor_key, {_YEAR} as year, count(*) as gifts, sum(amount_cny) as gross_cny
            from fact_donation where donor_key <> 'unknown' group by donor_key, {_YEAR}
        ),
        dated as (select *, min(year) over (partition by donor_key) as cohort_year from years)
        select cohort_year, year, count(*) as donors, sum(gifts) as donation_count,
            sum(gross_cny) as gross_cny
        from dated group by cohort_year, year""",
    "org_growth": f"""
        select initiator_uscc, {_YEAR} as year, {_SUMS}
        from fact_donation group by initiator_uscc, {_YEAR}""",
    "regional_flow": f"""
        select {_YEAR} as year, donor_band, project_band, {_SUMS}
        from fact_donation group by {_YEAR}, donor_band, project_band""",
    "project_card": f"""
        select project_no, {_SUMS} from fact_donation group by project_no""",
    "giving_day_yearly": f"""
        select campaign_id, {_YEAR} as year, {_SUMS},
            count(distinct case when donor_kind = 'organization' or channel_id = 'corporate'
                then nullif(donor_key, 'unknown') end) as companies,
            count(distinct project_no) as projects
        from fact_donation where campaign_id is not null group by campaign_id, {_YEAR}""",
}
#: Totals that a peer prints at the end, to be compared with the bare limit's file.
CHECK = """
    select count(*) as gifts, cast(sum(amount_cny) * 100 as bigint) as gross_fen,
        cast(sum(refunded_cny) * 100 as bigint) as refunded_fen,
        count(distinct nullif(donor_key, 'unknown')) as donors
    from fact_donation
"""
