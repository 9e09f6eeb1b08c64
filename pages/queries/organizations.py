"""Everything a release knows of one organisation."""

from __future__ import annotations

from pages.data import Reader, Row


def now(reader: Reader, uscc: str) -> Row | None:
    """Its present row of `dim_organization`; None for a code that nobody names."""
    return reader.row(
        "SELECT * FROM star.dim_organization WHERE uscc = ? AND is_current AND uscc <> 'unknown'",
        [uscc],
    )


def versions(reader: Reader, uscc: str) -> list[Row]:
    """How the registers have shown it: a row per version, the newest first."""
    return reader.rows(
        "SELECT * FROM star.dim_organization WHERE uscc = ? ORDER BY valid_from DESC", [uscc]
    )


def projects(reader: Reader, uscc: str) -> list[Row]:
    """The cards of the projects that it starts or supports, the one that raised most first."""
    return reader.rows(
        """
        SELECT c.* FROM marts.project_card c
        JOIN star.dim_project p ON p.project_key = c.project_key
        WHERE p.initiator_uscc = $uscc OR p.supporter_uscc = $uscc
        ORDER BY c.raised_cny DESC NULLS LAST, c.project_no LIMIT 500""",
        {"uscc": uscc},
    )
