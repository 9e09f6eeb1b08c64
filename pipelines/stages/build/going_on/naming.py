"""Gifts of a file whose place another took: those that stay come to be named after the new file.

Which have changed, and are made anew, is `schema_base`'s to write.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from pipelines.stages.build.restatements import Replacement

#: Rows whose file is named anew at a time: what DuckDB holds of each until then is some 100 bytes.
_NAMED_AT_ONCE = 4_000_000


def name_after_new_files(db: duckdb.DuckDBPyConnection, replaced: Sequence[Replacement]) -> None:
    """Writes into each gift of a replaced file the id of the file that took its place."""
    waiting: list[Replacement] = []
    rows = 0
    for number, replacement in enumerate(replaced, start=1):
        waiting.append(replacement)
        rows += replacement.old.outcome.rows_loaded
        if rows >= _NAMED_AT_ONCE or number == len(replaced):
            db.execute("create or replace temp table names (before varchar, now varchar)")
            db.executemany(
                "insert into names values (?, ?)",
                [[r.old.receipt.file_id, r.new.receipt.file_id] for r in waiting],
            )
            db.execute(
                "update juandi.star.fact_donation as gifts set source_file_id = names.now"
                " from names where gifts.source_file_id = names.before"
            )
            waiting, rows = [], 0
