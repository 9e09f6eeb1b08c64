"""What the first page says: the campaigns, and what needs attention."""

from __future__ import annotations

from pages.data import Reader, Row


def campaigns(reader: Reader) -> list[Row]:
    """A row per campaign that anything has landed of, the newest first."""
    return reader.kept("SELECT * FROM marts.campaign_summary ORDER BY starts_on DESC, campaign_id")


def days(reader: Reader, campaign_id: str) -> list[Row]:
    """The campaign day by day."""
    return reader.kept(
        "SELECT * FROM marts.campaign_daily WHERE campaign_id = ? ORDER BY date_day", [campaign_id]
    )


def goal(reader: Reader, campaign_id: str) -> Row | None:
    """The targets of the admitted projects, added up; those without a limit are counted apart.

    No source gives a campaign a goal of its own.
    """
    found = reader.kept(
        """
        SELECT sum(p.target_cny) AS target_cny, count(*) AS projects,
            count(*) FILTER (coalesce(p.target_cny, 0) = 0) AS open_ended
        FROM star.fact_campaign_entry e JOIN marts.project_card p ON p.project_no = e.project_no
        WHERE e.registered_campaign_id = ? AND e.is_admitted""",
        [campaign_id],
    )
    return next(iter(found), None)


def gates(reader: Reader) -> list[Row]:
    """Checks by severity and verdict; none for who does not see them."""
    if not reader.has("ops.gate_results"):
        return []
    return reader.kept(
        "SELECT severity, status, count(*) AS checks FROM ops.gate_results"
        " GROUP BY ALL ORDER BY ALL"
    )


def sources(reader: Reader) -> list[Row]:
    """Every source and how fresh it is."""
    return reader.kept("SELECT * FROM ops.source_health ORDER BY hours_stale, source")


#: What to look at: its key (words and link are the page's), severity, and how many there are.
_ATTENTION = {
    "chain_not_satisfied": (
        "blocking", "marts.audit_completeness",
        "SELECT count(DISTINCT chain_id) AS n FROM marts.audit_completeness"
        " WHERE NOT is_chain_satisfied",
    ),
    "blocking_gaps": (
        "blocking", "marts.audit_gaps",
        "SELECT count(*) AS n FROM marts.audit_gaps WHERE severity = 'blocking'",
    ),
    "review_warnings": (
        "warning", "marts.audit_gaps",
        "SELECT count(*) AS n FROM marts.audit_gaps WHERE severity = 'warning'",
    ),
    "flags_critical": (
        "blocking", "marts.giving_red_flags",
        "SELECT count(*) AS n FROM marts.giving_red_flags WHERE severity = 'critical'",
    ),
    "flags_warning": (
        "warning", "marts.giving_red_flags",
        "SELECT count(*) AS n FROM marts.giving_red_flags WHERE severity = 'warning'",
    ),
    "duties_overdue": (
        "warning", "marts.disclosure_compliance",
        "SELECT count(*) AS n FROM marts.disclosure_compliance WHERE status = 'overdue'",
    ),
    "bills_unmatched": (
        "warning", "star.fact_settlement",
        "SELECT count(*) AS n FROM star.fact_settlement WHERE match_status <> 'matched'",
    ),
    "gates_failing": (
        "warning", "ops.gate_results",
        "SELECT count(*) AS n FROM ops.gate_results WHERE status IN ('fail', 'error')",
    ),
    "sources_not_ok": (
        "warning", "ops.source_health",
        "SELECT count(*) AS n FROM ops.source_health WHERE status NOT IN ('ok', 'never')",
    ),
    "files_refused": (
        "warning", "ops.load_audit",
        "SELECT count(*) AS n FROM ops.load_audit WHERE status = 'refused'",
    ),
    "rows_quarantined": (
        "warning", "ops.quarantine",
        "SELECT count(*) AS n FROM ops.quarantine WHERE state = 'open'",
    ),
}  # fmt: skip # a table
#: Where each of them is listed.
LISTED_AT = {
    "chain_not_satisfied": "/reviews",
    "blocking_gaps": "/gaps?severity=blocking",
    "review_warnings": "/gaps?severity=warning",
    "flags_critical": "/tables/flags?severity=critical",
    "flags_warning": "/tables/flags?severity=warning",
    "duties_overdue": "/tables/duties?status=overdue",
    "bills_unmatched": "/tables/bill_lines?match_status=amount_differs&match_status=only_in_bill"
    "&match_status=only_in_export",
    "gates_failing": "/tables/gates?status=fail&status=error",
    "sources_not_ok": "/tables/sources",
    "files_refused": "/tables/files?status=refused",
    "rows_quarantined": "/tables/refused_rows?state=open",
}


def attention(reader: Reader) -> list[Row]:
    """What is not as it should be, the blocking first; what the release lacks is left out."""
    found = [
        {
            "key": key,
            "severity": severity,
            "count": reader.kept(sql)[0]["n"],
            "link": LISTED_AT[key],
        }
        for key, (severity, table, sql) in _ATTENTION.items()
        if reader.has(table)
    ]
    return [row for row in found if row["count"]]
