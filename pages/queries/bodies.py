"""Gaps by the body that owes something."""

from __future__ import annotations

from pages.data import Reader, Row
from pages.listings import TABLES, Asked
from pages.listings.asking import NOTHING, filtered

#: Stands in a URL and for a sheet where no body is known.
NOBODY = ""


def bodies(reader: Reader, asked: Asked) -> list[Row]:
    """A row per body, the one with most blocking gaps first, of the gaps that are asked for."""
    where, values = filtered(asked)
    return reader.rows(
        f"""
        SELECT responsible_uscc, coalesce(responsible_uscc, '{NOTHING}') AS body,
            any_value(responsible_name) AS responsible_name,
            count(*) AS gaps,
            count(*) FILTER (severity = 'blocking') AS blocking_gaps,
            count(*) FILTER (severity <> 'blocking') AS warnings,
            count(DISTINCT subject_id) AS subjects,
            min(opened_at) AS opened_at, max(days_open) AS days_open
        FROM marts.audit_gaps WHERE {where}
        GROUP BY responsible_uscc
        ORDER BY blocking_gaps DESC, gaps DESC, responsible_uscc NULLS LAST""",
        values,
    )


def of_body(reader: Reader, asked: Asked, uscc: str | None) -> list[Row]:
    """The gaps asked for that one body owes, or that nobody known owes."""
    where, values = filtered(asked)
    names = ", ".join(column.name for column in TABLES["marts.audit_gaps"].columns)
    return reader.rows(
        f"SELECT {names} FROM marts.audit_gaps WHERE {where}"
        " AND responsible_uscc IS NOT DISTINCT FROM ?"
        " ORDER BY severity, days_open DESC, subject_id, level_no, gap_type",
        [*values, uscc],
    )
