"""Sheets of reviews: the levels and the matrix of a chain, and gaps with a sheet per body."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pages.data import Reader, Row
from pages.exports.workbook import TableSheet
from pages.listings import Asked
from pages.queries import bodies as owing
from pages.queries.completeness import AFTER, BEFORE
from pages.web.board import columns_of, in_language
from pages.words import Catalogue
from pages.words.columns import code
from pipelines.dictionary import Kind, Words
from pipelines.tables.declaration import TableField

LEVEL_COLUMNS = columns_of(
    "marts.audit_completeness",
    "level_no level_name is_satisfied blocking_gaps coverage required_share subjects_eligible"
    " subjects_reviewed subjects_passed coverage_share",
)
BODY_COLUMNS = (
    *columns_of("marts.audit_gaps", "responsible_name"),
    *columns_of("marts.audit_subjects", "blocking_gaps warnings"),
    *columns_of("marts.audit_gaps", "opened_at days_open responsible_uscc"),
)
GAP_COLUMNS = columns_of(
    "marts.audit_gaps",
    "chain_id subject_id level_no gap_type severity detail_zh detail_en opened_at days_open"
    " responsible_uscc responsible_name",
)


def matrix_table(
    say: Catalogue, levels: Sequence[Row], subjects: Sequence[Row]
) -> tuple[tuple[TableField, ...], list[Row]]:
    """Columns and rows of a matrix: a subject per row, a column per level in words."""
    names = [(f"level:{row['level_no']}", row["level_name"]) for row in levels]
    own = [TableField(key, Kind.CODE, Words(name, name), None, None) for key, name in names]
    return (*BEFORE, *own, *AFTER), [_flat(say, row) for row in subjects]


def matrix_sheets(
    say: Catalogue, levels: Sequence[Row], subjects: Sequence[Row]
) -> Iterator[TableSheet]:
    """A sheet of levels, a sheet of subjects."""
    columns, rows = matrix_table(say, levels, subjects)
    yield TableSheet(say("reviews.levels"), LEVEL_COLUMNS, [levels])
    yield TableSheet(say("reviews.matrix"), columns, [rows])


def gap_sheets(reader: Reader, say: Catalogue, asked: Asked) -> Iterator[TableSheet]:
    """A sheet of all bodies that owe, then one of each."""
    bodies = owing.bodies(reader, asked)
    yield TableSheet(say("gaps.bodies"), BODY_COLUMNS, [bodies])
    columns = in_language(say, GAP_COLUMNS)
    for body in bodies:
        rows = owing.of_body(reader, asked, body["responsible_uscc"])
        yield TableSheet(body_name(say, body), columns, [rows])


def body_name(say: Catalogue, body: Row) -> str:
    """What a body is called: its name, else its code, else that nobody knows."""
    return body["responsible_name"] or body["responsible_uscc"] or say("gaps.nobody")


def _flat(say: Catalogue, row: Row) -> Row:
    """A subject with a column per level: its status, and its gaps where it has any."""
    flat = dict(row)
    for level in row["levels"]:
        text = code(say, "status", level["status"])
        if level["gap_types"]:
            kinds = [code(say, "gap_type", gap) for gap in level["gap_types"].split(";")]
            text += f" ({', '.join(kinds)})"
        flat[f"level:{level['level_no']}"] = text
    return flat
