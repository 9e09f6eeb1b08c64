"""The first page: the release, the campaigns, the chosen one day by day, what needs attention."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from pages.charts import campaign as charts
from pages.data import Row
from pages.listings import BadParameter
from pages.listings.declared import listing
from pages.queries import completeness, overview
from pages.web.board import Board, columns_of
from pages.web.visit import ThisVisit, Visit, url

router = APIRouter()
_FIGURES = (
    "entries admitted admission_rate organizations prefectures_covered counties_covered"
    " donation_count donor_count gross_cny refunded_cny net_cny avg_cny matching_cny"
)


@router.get("/")
def page(visit: ThisVisit) -> Response:
    """`?campaign=` chooses the campaign whose curve is drawn; the newest without it.

    Who sees no campaign, but how the warehouse is, is led on to that.
    """
    if not visit.reader.scope.sees("marts.campaign_summary"):
        return RedirectResponse("/health", 303, {"Cache-Control": "no-store"})
    for name, value in visit.parameters:
        if name != "campaign":
            raise BadParameter(name, value, ["campaign"])
    reader = visit.reader
    campaigns = overview.campaigns(reader)
    wanted = visit.request.query_params.get("campaign", "")
    chosen = next((row for row in campaigns if row["campaign_id"] == wanted), None)
    if wanted and chosen is None:
        raise BadParameter("campaign", wanted, [row["campaign_id"] for row in campaigns])
    chosen = chosen or next(iter(campaigns), None)
    return visit.page(
        "overview.html",
        campaigns=_campaigns(campaigns),
        chosen=chosen,
        all_columns=columns_of("marts.campaign_summary", _FIGURES),
        curve=_curve(visit, chosen) if chosen else None,
        chains=completeness.chains(reader),
        attention=overview.attention(reader),
        gates=overview.gates(reader),
        sources=overview.sources(reader),
    )


def _campaigns(rows: list[Row]) -> Board:
    known = listing("campaigns")
    return Board(
        "campaigns", known.table, known.fields, rows, known.links, export="/export/campaigns"
    )


def _curve(visit: Visit, chosen: Row) -> dict[str, object]:
    days = overview.days(visit.reader, chosen["campaign_id"])
    known = listing("campaign_days")
    narrowed = [("campaign_id", chosen["campaign_id"])]
    return {
        "chart": charts.by_day(visit.say, days, cumulative=True),
        "days": Board(
            "campaign_days", known.table, known.fields, days,
            export=url("/export/campaign_days", narrowed),
        ),
        "goal": overview.goal(visit.reader, chosen["campaign_id"]),
    }  # fmt: skip # three values
