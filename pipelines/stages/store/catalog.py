"""What was received and what became of it: two small SQLite catalogues.

`archive/catalog.sqlite` holds receipts and people's decisions: it is never derived and is as
precious as the archived bytes. `lake/catalog.sqlite` holds loads: it goes with the lake and is
rebuilt from the archive. Rows of data belong to the lake.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pipelines.settings import Settings, SettingsError
from pipelines.stages.store.journal import JOURNAL, drain, watch
from pipelines.stages.store.migration import check_version
from pipelines.stages.store.receipts import (
    Correction,
    FileDecision,
    Outcome,
    Part,
    Receipt,
    RowDecision,
    Taken,
)
from pipelines.stages.store.schema import (
    ARCHIVE,
    ARCHIVE_INPUTS,
    LAKE,
    LAKE_INPUTS,
    draw,
    state_of,
    tell_changes,
)

#: SQLite's names for a file that is not what it wrote.
_DAMAGED = ("SQLITE_NOTADB", "SQLITE_CORRUPT")


class CatalogDamaged(SettingsError):  # noqa: N818 - a state of the store
    """A catalogue that is missing or is not what was written; the message says what to do."""

    def __init__(self, path: Path, what: str, remedy: str) -> None:
        self.path = path
        super().__init__(f"{path}: {what}; {remedy}")


_ARCHIVE_REMEDY = (
    "用 `juandi doctor --repair` 从 receipts.jsonl 恢复 / `juandi doctor --repair` makes it again "
    "from the journal beside it"
)
_LAKE_REMEDY = "下次 `juandi refresh` 会重建它 / the next `juandi refresh` makes it again"


def _note(db: sqlite3.Connection, received_no: int, parts: Iterable[Part]) -> None:
    db.executemany(
        "insert or replace into parts values (?, ?, ?, ?, ?, ?, ?)",
        [(received_no, *part) for part in parts],
    )


@dataclass
class Catalog:
    """Access to both catalogues of a warehouse."""

    settings: Settings

    @contextmanager
    def _connect(
        self, path: Path, schema: str, remedy: str, journal: Path | None = None
    ) -> Iterator[sqlite3.Connection]:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=60)
        try:
            check_version(connection, path, is_derived=schema is LAKE)
            connection.executescript(schema)
            tell_changes(connection, ARCHIVE_INPUTS if schema is ARCHIVE else LAKE_INPUTS)
            with connection:
                if journal:
                    watch(connection, journal)
                yield connection
            if journal:
                drain(connection, journal)
        except sqlite3.DatabaseError as error:
            if str(getattr(error, "sqlite_errorname", "")).startswith(_DAMAGED):
                raise CatalogDamaged(path, "目录已损坏 / it is damaged", remedy) from error
            raise
        finally:
            connection.close()

    def archive(self, *, create: bool = False) -> AbstractContextManager[sqlite3.Connection]:
        """A transaction on receipts and decisions, also journaled.

        Raises CatalogDamaged, and OtherStore for one of another version of the code.
        `create` makes one where it is missing though files have been received.
        """
        path, journal = self.archive_file, self.journal
        is_there = path.exists() and path.stat().st_size > 0
        if not is_there and not create and (journal.exists() or self._has_files()):
            raise CatalogDamaged(path, "目录不见了 / it is missing", _ARCHIVE_REMEDY)
        return self._connect(path, ARCHIVE, _ARCHIVE_REMEDY, journal)

    def _has_files(self) -> bool:
        """True where files were received: their catalogue was made before them."""
        folder = self.settings.archive
        return folder.is_dir() and any(e.is_dir() for e in folder.iterdir())

    def lake(self) -> AbstractContextManager[sqlite3.Connection]:
        """A transaction on loads. Raises CatalogDamaged, OtherStore."""
        return self._connect(self.lake_file, LAKE, _LAKE_REMEDY)

    @property
    def archive_file(self) -> Path:
        """Receipts and decisions."""
        return self.settings.archive / "catalog.sqlite"

    @property
    def journal(self) -> Path:
        """The same as lines of text."""
        return self.settings.archive / JOURNAL

    @property
    def lake_file(self) -> Path:
        """Loads."""
        return self.settings.lake / "catalog.sqlite"

    @property
    def state(self) -> str:
        """A word for all that decides which files stand: the same word, the same contents."""
        with self.archive() as archive, self.lake() as lake:
            return f"{state_of(archive)} {state_of(lake)}"

    def settled(self) -> tuple[str, str] | None:
        """The last state at which nothing was pending, with the hash of a release's inputs."""
        with self.lake() as db:
            row = db.execute("select state, inputs_hash from settled").fetchone()
        return (str(row[0]), str(row[1])) if row else None

    def settle(self, state: str, inputs_hash: str) -> None:
        """Keeps it, so that a night that finds this state need look at nothing else."""
        with self.lake() as db:
            db.execute("delete from settled")
            db.execute("insert into settled values (?, ?)", (state, inputs_hash))

    def receipts(self, source: str | None = None) -> list[Receipt]:
        """All receipts (of a source) in the order they came."""
        return self._receipts(*(("where source = ?", (source,)) if source else ("", ())))

    def receipts_like(self, numbers: Iterable[int]) -> list[Receipt]:
        """The receipts of these numbers and all others of their bytes, in the order they came."""
        same = (
            "(source, sha256) in (select source, sha256 from receipts where received_no in"
            " (select value from json_each(?)))"
        )
        return self._receipts(f"where {same}", (json.dumps(list(numbers)),))

    def unsettle(self) -> None:
        """Draws another word for the state: not all that it stands for could be looked at."""
        with self.lake() as db:
            draw(db)

    def _receipts(self, where: str, values: tuple[str, ...]) -> list[Receipt]:
        """`where` takes all receipts of equal bytes or none, because they are counted."""
        with self.archive() as db:
            rows = db.execute(
                "select received_no, source, file_name, landing_path, sha256, bytes, modified_at,"
                " first_seen_at, partition, row_number() over"
                " (partition by landing_path, sha256 order by received_no) - 1"
                f" from receipts {where} order by received_no",
                values,
            ).fetchall()
        return [
            Receipt(r[0], r[1], r[2], r[3], r[4], r[5], datetime.fromisoformat(r[6]),
                    datetime.fromisoformat(r[7]), date.fromisoformat(r[8]) if r[8] else None,
                    r[9])
            for r in rows
        ]  # fmt: skip # a row

    def outcomes(self, of: Iterable[int] | None = None) -> dict[int, tuple[str, Outcome]]:
        """received_no → (code version that read it, outcome); of these receipts only, if given."""
        which = "" if of is None else "where received_no in (select value from json_each(?))"
        values = () if of is None else (json.dumps(list(of)),)
        with self.lake() as db:
            rows = db.execute(
                f"select received_no, code_version, outcome from loads {which}", values
            ).fetchall()
        return {n: (version, Outcome.from_json(text)) for n, version, text in rows}

    def taken(self) -> dict[int, Taken]:
        """received_no → the outcome in short; far quicker than `outcomes` for thousands of loads.

        Raises sqlite3.DatabaseError, ValueError, KeyError or TypeError where one is malformed.
        """
        with self.lake() as db:
            rows = db.execute(
                "select received_no, json_extract(outcome, '$.partition'),"
                " json_extract(outcome, '$.rows_loaded'),"
                " json_extract(outcome, '$.rows_quarantined'), json_extract(outcome, '$.refusal')"
                " from loads"
            ).fetchall()
            shapes = db.execute(
                "select max(outcome) from loads"
                " group by (select group_concat(key) from json_each(outcome))"
            ).fetchall()
        for (outcome,) in shapes:
            Outcome.from_json(outcome)
        return {
            number: Taken(date.fromisoformat(day) if day else None, *rest)
            for number, day, *rest in rows
        }

    def unread(self, code_version: str, source: str | None = None) -> list[int]:
        """received_no of what this version of the code has not read, in order of receipt."""
        read = self.noted_under(code_version)
        where, values = ("and source = ?", (source,)) if source else ("", ())
        with self.archive() as db:
            numbers = db.execute(  # what was let go is never read again
                "select received_no from receipts where received_no not in"
                f" (select received_no from verdicts) {where} order by received_no",
                values,
            )
            return [number for (number,) in numbers if number not in read]

    def noted_under(self, code_version: str) -> set[int]:
        """received_no of the loads that are noted under this version of the code."""
        with self.lake() as db:
            return {
                number
                for (number,) in db.execute(
                    "select received_no from loads where code_version = ?", (code_version,)
                )
            }

    def record(self, loads: Iterable[tuple[int, str, Outcome, Iterable[Part], int | None]]) -> None:
        """Notes loads, all or none; from now on their files in the lake count.

        Each is received_no, the version of the code, outcome, parts, and the last entry that was
        known to whoever read it (`store.forgotten`), None where nothing was read.
        """
        with self.lake() as db:
            for number, version, outcome, parts, forgotten in loads:
                if forgotten is not None:
                    db.execute(
                        "insert or replace into looked_through values (?, ?)", (number, forgotten)
                    )
                db.execute(
                    "insert or replace into loads values (?, ?, ?)",
                    (number, version, outcome.to_json()),
                )
                db.execute("delete from parts where received_no = ?", (number,))
                _note(db, number, parts)

    def note_parts(self, received_no: int, parts: Sequence[Part]) -> None:
        """Notes parts as they are now: the same bytes with other times."""
        if parts:
            with self.lake() as db:
                _note(db, received_no, parts)

    def forget(self, *received_nos: int) -> None:
        """Takes loads back: until they are read again, their files are pending."""
        which = "received_no in (select value from json_each(?))"
        with self.lake() as db:
            for table in ("loads", "parts"):
                db.execute(f"delete from {table} where {which}", (json.dumps(received_nos),))

    def decisions(self) -> dict[str, tuple[str, str]]:
        """quarantine_id → (state, reason)."""
        with self.archive() as db:
            rows = db.execute("select quarantine_id, state, reason from decisions").fetchall()
        return {q: (state, reason) for q, state, reason in rows}

    def row_decisions(self) -> dict[str, RowDecision]:
        """quarantine_id → the decision, with who took it and when."""
        with self.archive() as db:
            rows = db.execute(
                "select quarantine_id, state, reason, decided_by, decided_at from decisions"
            ).fetchall()
        return {quarantine_id: RowDecision(*rest) for quarantine_id, *rest in rows}

    def decide(
        self, quarantine_id: str, state: str, reason: str, at: datetime, by: str = ""
    ) -> None:
        """Keeps a person's decision on a quarantined row."""
        with self.archive() as db:
            db.execute(
                "insert or replace into decisions"
                " (quarantine_id, state, reason, decided_at, decided_by) values (?, ?, ?, ?, ?)",
                (quarantine_id, state, reason, at.isoformat(timespec="seconds"), by),
            )

    def corrections(self, source: str | None = None) -> dict[str, Correction]:
        """quarantine_id → what a person says the line should read (of a source)."""
        where, values = ("where source = ?", (source,)) if source else ("", ())
        with self.archive() as db:
            rows = db.execute(
                "select quarantine_id, source, file_id, changes, reason, decided_by, decided_at,"
                f" handed_in from corrections {where} order by quarantine_id",
                values,
            ).fetchall()
        return {
            quarantine_id: Correction(
                quarantine_id, of, file_id, json.loads(changes), reason, by, at, handed_in
            )
            for quarantine_id, of, file_id, changes, reason, by, at, handed_in in rows
        }

    def correct(self, corrections: Iterable[Correction]) -> None:
        """Keeps corrections, all or none; an earlier one of the same line gives way."""
        with self.archive() as db:
            db.executemany(
                "insert or replace into corrections values (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        c.quarantine_id, c.source, c.file_id,
                        json.dumps(dict(c.changes), ensure_ascii=False, sort_keys=True),
                        c.reason, c.decided_by, c.decided_at, c.handed_in,
                    )
                    for c in corrections
                ],
            )  # fmt: skip # a row

    def file_decisions(self) -> dict[str, FileDecision]:
        """file id → the decision on the file."""
        with self.archive() as db:
            rows = db.execute(
                "select file_id, state, reason, decided_by, decided_at from file_decisions"
            ).fetchall()
        return {file_id: FileDecision(*rest) for file_id, *rest in rows}

    def decide_file(self, file_id: str, decision: FileDecision) -> None:
        """Keeps a person's decision on a file; an earlier one on the same file gives way."""
        with self.archive() as db:
            db.execute(
                "insert or replace into file_decisions values (?, ?, ?, ?, ?)",
                (
                    file_id,
                    decision.state,
                    decision.reason,
                    decision.decided_by,
                    decision.decided_at,
                ),
            )

    def answers(self, source: str) -> dict[str, str]:
        """What comparing files of `source` gave before: question → answer."""
        with self.lake() as db:
            rows = db.execute("select question, answer from answers where source = ?", (source,))
            return dict(rows.fetchall())

    def keep_answers(self, source: str, answers: Mapping[str, str]) -> None:
        """Keeps answers, so that no later night asks again."""
        with self.lake() as db:
            db.executemany(
                "insert or replace into answers values (?, ?, ?)",
                [(source, question, answer) for question, answer in answers.items()],
            )
