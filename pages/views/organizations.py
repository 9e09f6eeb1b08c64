"""An organisation: what the registers say of it, its projects, how it grows, what it owes."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from pages.queries import organizations
from pages.views.sections import without_parameters
from pages.views.tables import section
from pages.web.board import Board, columns_of
from pages.web.visit import ThisVisit, url

router = APIRouter()

_NOW = "name former_names kind can_fundraise_publicly registration_authority level founded_on"
_PROJECT = {"project_no": "/projects/{project_no}", "name": "/projects/{project_no}"}


@router.get("/organizations/{uscc}")
def page(visit: ThisVisit, uscc: str) -> Response:
    """All that the release knows of a credit code, whichever source it is known from."""
    without_parameters(visit)
    now = organizations.now(visit.reader, uscc)
    if now is None:
        raise HTTPException(404)
    table = "star.dim_organization"
    own = [("uscc", uscc)]
    return visit.page(
        "organization.html",
        organization=now,
        columns=columns_of(table, f"{_NOW} valid_from is_inferred is_uscc_valid"),
        boards=[
            Board(
                "projects_of", "marts.project_card",
                columns_of("marts.project_card",
                    "project_no name domain initiator_name supporter_name state target_cny"
                    " raised_cny net_cny blocking_gaps"),
                organizations.projects(visit.reader, uscc), _PROJECT,
            ),
            *([section(visit, "growth", own)] if visit.sees("growth") else []),
            section(visit, "org_ratio_compliance", own),
            section(visit, "duties", [("subject_type", "organization"), ("subject_id", uscc)]),
            section(visit, "gaps", [("responsible_uscc", uscc)]),
            Board(
                "organization_versions", table,
                columns_of(table, f"valid_from {_NOW} region_code is_current"),
                organizations.versions(visit.reader, uscc),
                export=url("/export/organizations", own),
            ),
        ],
    )  # fmt: skip # short calls
