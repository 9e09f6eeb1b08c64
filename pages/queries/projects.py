"""Everything a release knows of one project, or of another subject of a review chain."""

from __future__ import annotations

from pages.data import Reader, Row


def card(reader: Reader, project_no: str) -> Row | None:
    """Its row of the mart `project_card`; None for a project that no export has."""
    return reader.row("SELECT * FROM marts.project_card WHERE project_no = ?", [project_no])


def entries(reader: Reader, project_no: str) -> list[Row]:
    """Its entries in campaigns, with the campaign's name, days and chain."""
    return reader.rows(
        """
        SELECT e.*, c.name_zh, c.starts_on, c.ends_on, c.chain_id, r.prefecture_name, r.county_name
        FROM star.fact_campaign_entry e
        LEFT JOIN star.dim_campaign c ON c.campaign_id = e.campaign_id
        LEFT JOIN star.dim_region r ON r.region_code = e.region_code AND r.is_latest_of_code
        WHERE e.project_no = ? ORDER BY e.applied_on, e.registered_campaign_id""",
        [project_no],
    )


def subject(reader: Reader, chain_id: str, subject_id: str) -> Row | None:
    """Its row of the mart `audit_subjects`, with the chain's name; None if it is not in it."""
    return next(
        iter(_subjects(reader, "s.subject_id = ? AND s.chain_id = ?", subject_id, chain_id)), None
    )


def subjects(reader: Reader, subject_id: str) -> list[Row]:
    """The same in every chain that it is in."""
    return _subjects(reader, "s.subject_id = ?", subject_id)


def _subjects(reader: Reader, condition: str, *values: str) -> list[Row]:
    return reader.rows(
        f"""
        SELECT s.*, (SELECT any_value(l.chain_name) FROM star.dim_review_level l
            WHERE l.chain_id = s.chain_id) AS chain_name
        FROM marts.audit_subjects s WHERE {condition} ORDER BY s.chain_id""",
        list(values),
    )


def levels(reader: Reader, chain_id: str, subject_id: str) -> list[Row]:
    """Its row of `audit_matrix` at every level of a chain."""
    return reader.rows(
        "SELECT * FROM marts.audit_matrix WHERE chain_id = ? AND subject_id = ? ORDER BY level_no",
        [chain_id, subject_id],
    )


def events(reader: Reader, chain_id: str, subject_id: str) -> list[Row]:
    """Its review records, all rounds, with the level's name, as they were submitted."""
    return reader.rows(
        """
        SELECT e.*, l.level_name, l.sla_days, l.evidence_required
        FROM star.fact_review_event e
        LEFT JOIN star.dim_review_level l ON l.review_level_key = e.review_level_key
        WHERE e.chain_id = ? AND e.subject_id = ?
        ORDER BY e.submitted_at, e.level_no, e.round_no, e.record_no""",
        [chain_id, subject_id],
    )


def gaps(reader: Reader, chain_id: str, subject_id: str) -> list[Row]:
    """Its gaps, the blocking ones first."""
    return reader.rows(
        "SELECT * FROM marts.audit_gaps WHERE chain_id = ? AND subject_id = ?"
        " ORDER BY severity, level_no, gap_type",
        [chain_id, subject_id],
    )


def goal_changes(reader: Reader, project_no: str) -> list[Row]:
    """Raises and cuts of its target, by the export that first shows them."""
    return reader.rows(
        "SELECT * FROM star.fact_goal_change WHERE project_no = ? ORDER BY first_shown_on",
        [project_no],
    )


def gift_days(reader: Reader, project_no: str) -> list[Row]:
    """Its gifts by day paid: their sums over all days are those of its card."""
    return reader.rows(
        """
        SELECT project_no, CAST(paid_at AS DATE) AS date_day, count(*) AS donation_count,
            CAST(sum(amount_cny) AS DECIMAL(18,2)) AS gross_cny,
            CAST(sum(refunded_cny) AS DECIMAL(18,2)) AS refunded_cny,
            CAST(sum(net_cny) AS DECIMAL(18,2)) AS net_cny,
            count(*) FILTER (net_cny IS NULL) AS gifts_of_unknown_net
        FROM star.fact_donation WHERE project_no = ? GROUP BY ALL ORDER BY ALL""",
        [project_no],
    )


def settled(reader: Reader, project_no: str) -> list[Row]:
    """How the payment bills' lines of its orders agree with them."""
    return reader.rows(
        """
        SELECT $project_no AS project_no, b.bill_source, b.line_kind, b.match_status,
            count(*) AS line_count,
            count(DISTINCT b.order_no) AS order_count,
            CAST(sum(b.amount_cny) AS DECIMAL(18,2)) AS bill_cny,
            CAST(sum(b.exported_cny) AS DECIMAL(18,2)) AS export_cny,
            CAST(sum(b.difference_cny) AS DECIMAL(18,2)) AS difference_cny
        FROM star.fact_settlement b
        WHERE (b.platform_id, b.order_no) IN (
            SELECT (platform_id, order_no) FROM star.fact_donation WHERE project_no = $project_no)
        GROUP BY ALL ORDER BY ALL""",
        {"project_no": project_no},
    )


def versions(reader: Reader, project_no: str) -> list[Row]:
    """How the exports have shown it: a row per version."""
    return reader.rows(
        "SELECT * FROM star.dim_project WHERE project_no = ? ORDER BY version_no", [project_no]
    )
