"""The gate report of the release: every rule, what it found and since when; and one rule alone."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from pages.views.sections import without_parameters
from pages.web.visit import ThisVisit, Visit
from pipelines.publishing.gate_report import ORDER, ReleaseReport, as_html, as_json, read_report

router = APIRouter()


def _report(visit: Visit) -> ReleaseReport:
    without_parameters(visit)
    return read_report(visit.reader.rows, visit.reader.release)


@router.get("/health/gates")
def page(visit: ThisVisit) -> Response:
    """All rules, those that did not pass first, each with its counts and its history."""
    return visit.page("gates.html", report=_report(visit), order=ORDER)


@router.get("/health/gates/{rule_id}")
def rule(visit: ThisVisit, rule_id: str) -> Response:
    """One rule: sentence, counts, failing rows, remedy, and its verdicts over releases."""
    report = _report(visit)
    found = report.rule(rule_id)
    known = [found.history] if found else [k for k in report.gone if k[-1].rule_id == rule_id]
    if not known:
        raise HTTPException(404)
    return visit.page("gate.html", rule=found, rule_id=rule_id, history=known[0])


@router.get("/export/gate_report.html")
def export_page(visit: ThisVisit) -> Response:
    """The report as the file that lies beside the release."""
    name = f"gates_{visit.reader.release.release_id}.html"
    return visit.file(as_html(_report(visit)), name, "text/html")


@router.get("/export/gate_report.json")
def export_data(visit: ThisVisit) -> Response:
    """The same for programs."""
    name = f"gates_{visit.reader.release.release_id}.json"
    return visit.file(as_json(_report(visit)), name, "application/json")
