"""What was decided or restated of a line: a correction in its place, files that changed its record.

Asked of the published release alone, which holds who decided and why, but never a corrected value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from pipelines.sources import Source
from pipelines.tracing.release import ReleaseReader, Row


@dataclass(frozen=True)
class Restated:
    """That a later file of the same days changed a record, added it or no longer has it.

    `changed` are columns of the contract. `is_now`: the line is the later one of the two.
    `other_line` is the line of the record in the other file, None where that has none. Amounts are
    in yuan, None where there is none.
    """

    change: str
    changed: tuple[str, ...]
    is_now: bool
    old_cny: Decimal | None
    new_cny: Decimal | None
    received_at: datetime
    key: str
    other_file: str
    other_sheet: str | None = None
    other_line: int | None = None


def correction_of(release: ReleaseReader | None, reference: str) -> Row | None:
    """What a person corrected of a line: its row of `ops.corrections`; None if nothing."""
    if release is None or "ops.corrections" not in release.columns:
        return None
    found = release.rows("SELECT * FROM ops.corrections WHERE quarantine_id = ?", [reference])
    return next(iter(found), None)


def restated_of(
    release: ReleaseReader | None,
    source: Source,
    file_id: str,
    key: Mapping[str, object],
    of_file: Callable[[str], Row | None],
) -> tuple[Restated, ...]:
    """How files that replaced one another changed the record of a line of one of them.

    `of_file` finds the record's row in another file of the source.
    """
    if release is None or not source.key or set(key) != set(source.key):
        return ()
    if "ops.restatements" not in release.columns:
        return ()
    places = ", ".join("?" for _ in source.key)
    rows = release.rows(
        f"SELECT * FROM ops.restatements WHERE source = ? AND key = concat_ws('|', {places})"
        " AND ? IN (old_file_id, new_file_id) ORDER BY received_at, new_file_id",
        [source.name, *(key[name] for name in source.key), file_id],
    )
    names = {column.lake_name: column.name for column in source.columns}
    found = []
    for row in rows:
        is_now = row["new_file_id"] == file_id
        elsewhere = str(row["old_file_id"] if is_now else row["new_file_id"])
        other = of_file(elsewhere)
        found.append(
            Restated(
                row["change"],
                tuple(names.get(n, n) for n in (row["changed_columns"] or "").split(";") if n),
                is_now,
                row["old_amount_cny"],
                row["new_amount_cny"],
                row["received_at"],
                row["key"],
                elsewhere,
                other["source_sheet"] if other is not None else None,
                int(other["source_row"]) if other is not None else None,
            )
        )
    return tuple(found)
