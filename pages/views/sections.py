"""Pages that are plain marts one below the other: which, and in what order.

A mart that is new gets its name here; columns, order and a short title of its own by a listing in
`pages.listings.declared`. One that this code does not declare yet is left out.
"""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from pages.listings import BadParameter
from pages.views.tables import section
from pages.web.visit import ThisVisit, Visit

router = APIRouter()

SECTIONS = {
    "giving": ("years", "sizes", "matching", "circles", "retention", "regions"),
    "organizations": ("growth", "org_ratio_compliance", "organizations"),
    "programs": ("program_coverage", "training_summary", "survey_findings", "community_funds",
                 "org_counts", "observation_points", "villages", "project_outputs"),
    "claims": ("claim_check",),
    "health": ("sources", "gates", "files", "refused_rows", "corrections", "restated",
               "settlement", "unlike_files"),
}  # fmt: skip # a table


#: Rows of each; the listing itself has them all.
_FIRST = 25


@router.get("/organizations")
def organizations(visit: ThisVisit) -> Response:
    """Organisations, how they grow and what they owe."""
    return _page(visit, "organizations")


@router.get("/programs")
def programs(visit: ThisVisit) -> Response:
    """Programmes and communities: which counties they reach, what came of it."""
    return _page(visit, "programs")


@router.get("/claims")
def claims(visit: ThisVisit) -> Response:
    """Printed figures against computed ones."""
    return _page(visit, "claims")


@router.get("/health")
def health(visit: ThisVisit) -> Response:
    """The warehouse itself: sources, files, refused rows, gates."""
    return _page(visit, "health")


def without_parameters(visit: Visit) -> None:
    """Raises BadParameter where the URL has any."""
    for given, value in visit.parameters:
        raise BadParameter(given, value)


def _page(visit: Visit, name: str) -> Response:
    without_parameters(visit)
    boards = [section(visit, one, most=_FIRST) for one in SECTIONS[name] if visit.sees(one)]
    return visit.page("sections.html", name=name, boards=boards)
