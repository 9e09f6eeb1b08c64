"""The mart of gifts by size."""

from pipelines.dictionary import Words
from pipelines.tables.behind import GIFTS, NOT_PRINTED
from pipelines.tables.declaration import Behind, Table

_SCOPE = (
    "case $scope_type when 'campaign' then campaign_id else cast(year(paid_at) as varchar) end"
    " = $scope_id"
)
_BOUND = Words(
    "档的界限，由统计口径规定，不是数出来的",
    "a bound of the band: laid down with the bands, not counted",
)

DONATION_SIZES = Table(
    "marts",
    "donation_sizes",
    zh="捐款金额分布：每活动或每年、每档一行；以下含本数（民法典第1259条）",
    en=(
        "Sizes of gifts: a row per campaign or year and band; 以下 includes the bound (Civil Code"
        " 1259)"
    ),
    grain="scope_type scope_id band_no",
    fields="""
        scope_type scope_id band_no band_zh band_en above_cny up_to_cny donation_count
        participations donor_count gross_cny of_donations share cumulative_share share_of_gross
        as_of
    """,
    nullable="up_to_cny participations donor_count",
    words={
        "participations": Words("人次；待有来源按金额公布人次方可填写，此前为空，绝不以笔数代之",
            "人次; null until a source prints it by amount; 笔 never stands in for it"),
    },
    behind=(
        Behind("star.fact_donation",
            f"{_SCOPE} and amount_cny > $above_cny"
            " and amount_cny <= coalesce($up_to_cny, amount_cny)",
            {**GIFTS, "gross_cny": "coalesce(sum(amount_cny), 0)"}),
        Behind("star.fact_donation", _SCOPE,
            {"of_donations": "count(*)", "of_gross_cny": "sum(amount_cny)"},
            {"of_gross_cny": Words("各档捐款总额（元，退款前）",
                "Gross of all bands in yuan, before refunds")}),
        Behind("star.fact_donation",
            f"{_SCOPE} and amount_cny <= coalesce($up_to_cny, amount_cny)",
            {"donations_up_to_here": "count(*)"},
            {"donations_up_to_here": Words("本档及以下的捐赠笔数",
                "Gifts (orders, 笔) of this band and those below")}),
    ),
    worked={
        "share": "donation_count / of_donations",
        "cumulative_share": "donations_up_to_here / of_donations",
        "share_of_gross": "gross_cny / of_gross_cny",
    },
    no_rows={"above_cny": _BOUND, "up_to_cny": _BOUND, "participations": NOT_PRINTED},
)  # fmt: skip # a declaration

TABLES = (DONATION_SIZES,)
