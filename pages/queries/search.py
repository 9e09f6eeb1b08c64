"""One box for a project, an organisation, a campaign or an order number."""

from __future__ import annotations

from pages.data import Reader, Row

#: Most hits shown of a kind.
MOST = 25
#: A shorter text in a name would match half of them.
SHORTEST = 2
#: A shorter number may be anything in the text of a refused row.
_SHORTEST_NUMBER = 4


def _like(text: str) -> str:
    """The text as a pattern that matches itself anywhere; its own signs mean nothing."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def projects(reader: Reader, text: str) -> list[Row]:
    """By number, or by a part of the name; the number itself comes first."""
    return reader.rows(
        r"""
        SELECT * FROM marts.project_card
        WHERE project_no = $text OR (length($text) >= $shortest AND name ILIKE $like ESCAPE '\')
            OR filing_no = $text
        ORDER BY project_no = $text DESC, name, project_no LIMIT $most""",
        {"text": text, "like": _like(text), "most": MOST, "shortest": SHORTEST},
    )


def organizations(reader: Reader, text: str) -> list[Row]:
    """By code, or by a part of the present name."""
    return reader.rows(
        r"""
        SELECT o.uscc, o.name, o.kind, o.can_fundraise_publicly,
            (SELECT count(DISTINCT p.project_no) FROM star.dim_project p
                WHERE p.is_current AND p.initiator_uscc = o.uscc) AS projects,
            (SELECT count(*) FROM marts.audit_gaps g WHERE g.responsible_uscc = o.uscc)
                AS gaps
        FROM star.dim_organization o
        WHERE o.is_current AND o.uscc <> 'unknown' AND (o.uscc = upper($text)
            OR (length($text) >= $shortest AND o.name ILIKE $like ESCAPE '\'))
        ORDER BY o.uscc = upper($text) DESC, o.name, o.uscc LIMIT $most""",
        {"text": text, "like": _like(text), "most": MOST, "shortest": SHORTEST},
    )


def campaigns(reader: Reader, text: str) -> list[Row]:
    """By id, or by a part of the name."""
    return reader.rows(
        r"""
        SELECT campaign_id, name_zh, starts_on, ends_on, host_name, chain_id
        FROM star.dim_campaign
        WHERE campaign_id <> 'unknown' AND (campaign_id = $text
            OR (length($text) >= $shortest AND name_zh ILIKE $like ESCAPE '\'))
        ORDER BY campaign_id = $text DESC, starts_on DESC LIMIT $most""",
        {"text": text, "like": _like(text), "most": MOST, "shortest": SHORTEST},
    )


def orders(reader: Reader, text: str) -> list[Row]:
    """The gift of an order number, whole numbers only."""
    return reader.rows(
        """
        SELECT platform_id, order_no, paid_at, project_no, campaign_id, amount_cny, refunded_cny,
            net_cny, status, source_file_id, source_row
        FROM star.fact_donation WHERE order_no = $text ORDER BY platform_id LIMIT $most""",
        {"text": text, "most": MOST},
    )


def bill_lines(reader: Reader, text: str) -> list[Row]:
    """What payment bills say of an order number."""
    return reader.rows(
        """
        SELECT bill_source, bill_date, traded_at, line_kind, match_status, order_no, amount_cny,
            exported_cny, difference_cny, source_file_id, source_row
        FROM star.fact_settlement WHERE order_no = $text OR transaction_no = $text
        ORDER BY bill_source, traded_at LIMIT $most""",
        {"text": text, "most": MOST},
    )


def subjects(reader: Reader, text: str) -> list[Row]:
    """Subjects of review chains that are no projects, by their number."""
    return reader.rows(
        """
        SELECT chain_id, subject_id, subject_type, levels_passed, is_complete, blocking_gaps
        FROM marts.audit_subjects
        WHERE subject_id = $text AND subject_type <> 'project' LIMIT $most""",
        {"text": text, "most": MOST},
    )


def refused(reader: Reader, text: str) -> list[Row]:
    """Refused rows that have the text as a value; what was masked in them is not found.

    Nothing for who does not see the quarantine.
    """
    if not reader.has("ops.quarantine"):
        return []
    return reader.rows(
        """
        SELECT * FROM ops.quarantine WHERE length($text) >= $shortest
            AND contains(raw_text, '"' || $text || '"')
        ORDER BY source, file_name, source_row LIMIT $most""",
        {"text": text, "most": MOST, "shortest": _SHORTEST_NUMBER},
    )
