"""What pages sum themselves, because no mart has it: declared as marts are, with its rows.

None of these is a published table; the queries that sum them are in `pages.queries`.
"""

from __future__ import annotations

from collections.abc import Mapping

from pages.listings.listing import TABLES
from pipelines.tables.behind import gifts
from pipelines.tables.declaration import Behind, Table

_SUMS = "donation_count gross_cny refunded_cny net_cny gifts_of_unknown_net"
#: A gift's province is that of its region as it was last named; null where it has none.
_PROVINCE = (
    "year(paid_at) = $year and (select place.province_name from star.dim_region as place"
    " where place.is_latest_of_code and place.region_code = fact_donation.{0}_region_code)"
    " is not distinct from $province_name"
)

SUMMED: Mapping[str, Table] = {
    table.id: table
    for table in (
        Table("summed", "channels", "各活动各渠道的捐赠", "Gifts by campaign and channel",
            grain="campaign_id channel_id", fields=f"campaign_id channel_id {_SUMS}",
            behind=gifts("campaign_id is not distinct from $campaign_id"
                " and channel_id = $channel_id")),
        *(Table("summed", f"{side}_provinces", f"按{zh}所在省的捐赠", f"Gifts by {en}'s province",
            grain="year province_name", fields=f"year province_name {_SUMS}",
            behind=gifts(_PROVINCE.format(side)))
          for side, zh, en in (("donor", "捐款人", "donor"), ("project", "项目", "project"))),
        Table("summed", "gift_days", "一个项目逐日的捐赠", "Gifts of a project by day",
            grain="project_no date_day", fields=f"project_no date_day {_SUMS}",
            behind=gifts("project_no = $project_no and cast(paid_at as date) = $date_day")),
        Table("summed", "settled", "一个项目的支付对账", "Payment bills of a project",
            grain="project_no bill_source line_kind match_status",
            fields="project_no bill_source line_kind match_status line_count order_count bill_cny"
                " export_cny difference_cny",
            behind=(
                Behind("star.fact_settlement", "bill_source = $bill_source"
                    " and line_kind = $line_kind and match_status = $match_status"
                    " and (platform_id, order_no) in (select (platform_id, order_no)"
                    " from star.fact_donation where project_no = $project_no)",
                    {"line_count": "count(*)", "order_count": "count(distinct order_no)",
                     "bill_cny": "sum(amount_cny)", "export_cny": "sum(exported_cny)",
                     "difference_cny": "sum(difference_cny)"}),
            )),
    )
}  # fmt: skip # a table of declarations


def counted_in(table: str) -> Table:
    """The declaration of a published table or of what pages sum. Raises KeyError."""
    return SUMMED.get(table) or TABLES[table]
