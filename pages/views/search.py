"""One box: a project, an organisation, a campaign, an order number, a file number of a chain."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from pages.listings import BadParameter
from pages.queries import organizations, search
from pages.web.board import Board, columns_of, in_language
from pages.web.visit import ThisVisit

router = APIRouter()
#: A longer text is no name and no number.
_LONGEST = 200
_PROJECT = {"project_no": "/projects/{project_no}", "name": "/projects/{project_no}"}
_FILE = {"source_file_id": "/tables/files?source_file_id={source_file_id}"}
_CARD = columns_of(
    "marts.project_card",
    "project_no name domain initiator_name state target_cny raised_cny blocking_gaps",
)


@router.get("/search")
def page(visit: ThisVisit) -> Response:
    """`?q=`: what it may name, the exact hits first."""
    for name, value in visit.parameters:
        if name != "q":
            raise BadParameter(name, value, ["q"])
    text = visit.request.query_params.get("q", "").strip()
    if len(text) > _LONGEST:
        raise BadParameter("q", f"{text[:40]}…")
    boards = _found(visit, text) if text else []
    return visit.page(
        "search.html", text=text, boards=[b for b in boards if b.rows], most=search.MOST
    )


def _found(visit: ThisVisit, text: str) -> list[Board]:
    reader = visit.reader
    bodies = search.organizations(reader, text)
    own = organizations.projects(reader, bodies[0]["uscc"]) if len(bodies) == 1 else []
    return [
        Board(
            "found_projects", "marts.project_card", _CARD, search.projects(reader, text), _PROJECT
        ),
        Board(
            "found_organizations", "star.dim_organization",
            (
                *columns_of("star.dim_organization", "uscc name kind can_fundraise_publicly"),
                *columns_of("marts.giving_day_yearly", "projects"),
            ),
            bodies,
            dict.fromkeys(("uscc", "name", "projects"), "/organizations/{uscc}"),
        ),
        Board("projects_of", "marts.project_card", _CARD, own, _PROJECT),
        Board(
            "found_campaigns", "star.dim_campaign",
            columns_of("star.dim_campaign",
                "campaign_id name_zh starts_on ends_on host_name chain_id"),
            search.campaigns(reader, text),
            {
                "chain_id": "/reviews?chain={chain_id}",
                "campaign_id": "/tables/campaigns?campaign_id={campaign_id}",
            },
        ),
        Board(
            "found_orders", "star.fact_donation",
            columns_of("star.fact_donation",
                "order_no platform_id paid_at project_no campaign_id amount_cny refunded_cny"
                " net_cny status source_file_id source_row"),
            search.orders(reader, text), _PROJECT | _FILE,
        ),
        Board(
            "found_bill_lines", "star.fact_settlement",
            columns_of("star.fact_settlement",
                "bill_source bill_date traded_at line_kind match_status order_no amount_cny"
                " exported_cny difference_cny source_file_id source_row"),
            search.bill_lines(reader, text), _FILE,
        ),
        Board(
            "found_refused", "ops.quarantine",
            in_language(visit.say, columns_of("ops.quarantine",
                "source file_name source_row rule_ids reasons_zh reasons_en state")),
            search.refused(reader, text),
        ),
        Board(
            "found_subjects", "marts.audit_subjects",
            columns_of("marts.audit_subjects",
                "subject_id chain_id subject_type levels_passed is_complete blocking_gaps"),
            search.subjects(reader, text), {"subject_id": "/subjects/{chain_id}/{subject_id}"},
        ),
    ]  # fmt: skip # short calls
