"""Giving: the marts by year, size, channel and region, and gifts by channel and province."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from pages.queries import giving
from pages.views.sections import SECTIONS, without_parameters
from pages.views.tables import section
from pages.web.board import Board, columns_of
from pages.web.visit import ThisVisit

router = APIRouter()

#: Rows of each; the listing itself has them all.
_FIRST = 25
_GIFTS = "star.fact_donation"
_SUMS = columns_of(
    "marts.campaign_daily", "donation_count gross_cny refunded_cny net_cny gifts_of_unknown_net"
)
_CHANNELS = (*columns_of(_GIFTS, "campaign_id channel_id"), *_SUMS)
#: A channel of a campaign leads to its gifts.
_OWN_GIFTS = {"channel_id": "/tables/gifts?campaign_id={campaign_id}&channel_id={channel_id}"}
_PROVINCES = (
    *columns_of("marts.regional_flow", "year"),
    *columns_of("star.dim_region", "province_name"),
    *_SUMS,
)


@router.get("/giving")
def page(visit: ThisVisit) -> Response:
    """Gifts by year, size, channel, region; who matches and who returns."""
    without_parameters(visit)
    reader = visit.reader
    boards = [section(visit, name, most=_FIRST) for name in SECTIONS["giving"] if visit.sees(name)]
    is_there = giving.are_there(reader)
    channels, donors, projects = (
        giving.by_channel(reader),
        giving.by_province(reader, "donor"),
        giving.by_province(reader, "project"),
    )
    boards += [
        Board("channels", _GIFTS, _CHANNELS, channels, _OWN_GIFTS, is_there=is_there,
            counted="summed.channels"),
        Board("donor_provinces", _GIFTS, _PROVINCES, donors, is_there=is_there,
            counted="summed.donor_provinces"),
        Board("project_provinces", _GIFTS, _PROVINCES, projects, is_there=is_there,
            counted="summed.project_provinces"),
    ]  # fmt: skip # short calls
    return visit.page("sections.html", name="giving", boards=boards)
