"""A project: its card, its reviews over all rounds, its gifts, what it published, what it owes."""

from __future__ import annotations

from datetime import date, datetime

from fastapi import APIRouter, HTTPException
from fastapi.responses import RedirectResponse, Response

from pages.charts import campaign as gift_charts
from pages.charts import timeline
from pages.data import Row
from pages.queries import projects
from pages.views.tables import section
from pages.web.board import Board, columns_of
from pages.web.paths import segment
from pages.web.visit import ThisVisit, Visit, url

router = APIRouter()
#: The card, group by group, as a donor would see it before a gift.
CARD = {
    "about": "domain initiator_name supporter_name filing_no is_filing_consistent state approved_on"
    " starts_on ends_on parent_project_no child_count",
    "raised": "target_cny raised_cny raised_to_target participations raised_as_of donation_count"
    " donor_count gross_cny refunded_cny net_cny own_county_share",
    "published": "progress_reports last_progress_on disclosures last_disclosure_on told_until"
    " payout_cny management_cost_cny spent_share disclosure_gaps gap_days disclosure_overlaps",
    "reviewed": "review_chains reviews_complete levels_required review_completeness blocking_gaps",
}
_EVENTS = (
    "level_no round_no reviewer_name_public submitted_at decided_at days_taken decision"
    " evidence_count has_opinion is_effective record_no source_file_id source_row"
)
_GAPS = "level_no gap_type severity detail_zh detail_en responsible_name opened_at days_open"
_FILE = {"source_file_id": "/tables/files?source_file_id={source_file_id}"}


@router.get("/projects/{project_no:path}")
def project(visit: ThisVisit, project_no: str) -> Response:
    """All that the release knows of a project number, whichever source it is known from."""
    reader = visit.reader
    card = projects.card(reader, project_no)
    subjects = projects.subjects(reader, project_no)
    entries = projects.entries(reader, project_no)
    if card is None and not subjects and not entries:
        raise HTTPException(404)
    days = projects.gift_days(reader, project_no)
    changes = projects.goal_changes(reader, project_no)
    only = [("project_no", project_no)]
    return visit.page(
        "project.html",
        project_no=project_no,
        name=(card or {}).get("name") or next((s["subject_name"] for s in subjects), None),
        card=card,
        groups={group: columns_of("marts.project_card", names) for group, names in CARD.items()},
        entries=entries,
        entry_columns=columns_of(
            "star.fact_campaign_entry", "applied_on domain result admitted_on go_live_at"
        ),
        reviews=[_review(visit, subject, entries, changes) for subject in subjects],
        changes=Board(
            "goal_changes", "star.fact_goal_change",
            columns_of("star.fact_goal_change",
                "first_shown_on last_shown_on from_cny to_cny change_cny direction"
                " source_file_id source_row"),
            changes, _FILE,
        ),
        gift_chart=gift_charts.by_day(visit.say, days),
        gifts=Board(
            "gift_days", "marts.campaign_daily",
            columns_of("marts.campaign_daily",
                "date_day donation_count gross_cny refunded_cny net_cny gifts_of_unknown_net"),
            days, more=url("/tables/gifts", only), export=url("/export/gifts", only),
            counted="summed.gift_days",
        ),
        disclosures=section(visit, "disclosures", only),
        duties=section(visit, "duties", [("subject_type", "project"), ("subject_id", project_no)]),
        flags=section(visit, "flags", only),
        outputs=section(visit, "project_outputs", only),
        settled=Board(
            "settled", "marts.settlement_reconciliation",
            columns_of("marts.settlement_reconciliation",
                "bill_source line_kind match_status line_count order_count bill_cny export_cny"
                " difference_cny"),
            projects.settled(reader, project_no), counted="summed.settled",
        ),
    )  # fmt: skip # short calls


@router.get("/subjects/{chain_id}/{subject_id:path}")
def subject(visit: ThisVisit, chain_id: str, subject_id: str) -> Response:
    """A subject of a chain: a project has its page, any other is shown with its reviews."""
    found = projects.subject(visit.reader, chain_id, subject_id)
    if found is None:
        raise HTTPException(404)
    if found["subject_type"] == "project":
        return RedirectResponse(f"/projects/{segment(subject_id)}", 302)
    return visit.page("subject.html", subject=found, review=_review(visit, found, [], []))


def _review(
    visit: Visit, subject: Row, entries: list[Row], changes: list[Row]
) -> dict[str, object]:
    """A chain of a subject: levels, timeline, records, gaps."""
    chain, number = subject["chain_id"], subject["subject_id"]
    events = projects.events(visit.reader, chain, number)
    own = [entry for entry in entries if entry["chain_id"] == chain]
    return {
        "subject": subject,
        "levels": projects.levels(visit.reader, chain, number),
        "chart": timeline.reviews(
            visit.say, events, _moments(visit, own, changes), visit.reader.release.as_of
        ),
        "events": Board(
            "reviews", "star.fact_review_event", columns_of("star.fact_review_event", _EVENTS),
            events, _FILE,
            export=url("/export/reviews", [("chain_id", chain), ("subject_id", number)]),
        ),
        "gaps": Board("subject_gaps", "marts.audit_gaps", columns_of("marts.audit_gaps", _GAPS),
            projects.gaps(visit.reader, chain, number)),
    }  # fmt: skip # short calls


def _moments(
    visit: Visit, entries: list[Row], changes: list[Row]
) -> list[tuple[datetime | date, str]]:
    """What else happened on the time line: admissions, going live, raises of the target."""
    found: list[tuple[datetime | date, str]] = []
    for entry in entries:
        if entry["admitted_on"]:
            found.append((entry["admitted_on"], visit.say("chart.admitted")))
        if entry["go_live_at"]:
            found.append((entry["go_live_at"], visit.say("chart.live")))
    words = [visit.say("chart.goal", to=f"{change['to_cny']:,}") for change in changes]
    found += [(c["first_shown_on"], text) for c, text in zip(changes, words, strict=True)]
    return found
