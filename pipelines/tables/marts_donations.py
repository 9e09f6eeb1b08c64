"""The mart of gifts by size."""

from pipelines.dictionary import Words
from pipelines.tables.behind import GIFTS
from pipelines.tables.declaration import Behind, Table

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
            "case $scope_type when 'campaign' then campaign_id else cast(year(paid_at) as varchar)"
            " end = $scope_id and amount_cny > $above_cny"
            " and amount_cny <= coalesce($up_to_cny, amount_cny)",
            {**GIFTS, "gross_cny": "coalesce(sum(amount_cny), 0)"}),
    ),
)  # fmt: skip # a declaration

TABLES = (DONATION_SIZES,)
