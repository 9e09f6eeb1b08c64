"""What a build goes on from: the last release's gifts, kept where nothing about them changed.

Publishing leaves a note of what went into a release (`remember`). The next build begins with a
copy of that release if the code is the same and most of its lines still stand (`choose`), and
tells dbt in schema `base` what came and went since (`write_base`). Where a file took another's
place, the gifts whose lines are the same only come to be named after the new file. Without a usable
note all is made anew; the result is the same either way. What follows for each model is dbt's to
say; what two files differ in, `restatements`'.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, TypeAlias

import duckdb

from pipelines.publishing.releases import kept_file
from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.sources import SOURCES
from pipelines.stages.build.restatements import Pair, Replacement, Told
from pipelines.stages.standing.values import Reading, Standing

_CODE = ("pipelines", "dbt_project", "expectations")
_SUFFIXES = {".py", ".sql", ".yml", ".csv"}

#: Beyond these shares of the gifts that stay, making anew is as fast as going on: of 58 million
#: gifts, writing all takes some 95 s, counting their donors 80, going on with hardly any new 60.
_MOST_CHANGED, _MOST_CHANGED_FOR_DONORS = 0.25, 0.1

#: Tables of the release that a build goes on with; all others are small and made anew.
_KEPT = ("fact_donation", "dim_donor")

#: Tables of the scratch database that the next build wants to know.
_STATE: Mapping[str, str] = {
    "contexts": "project_no varchar, paid_on date, project_key varchar, initiator_uscc varchar,"
    " supporter_uscc varchar, project_region_code varchar, entered_campaign_id varchar",
    "donor_counts": "scope_type varchar, scope_id varchar, giving_year integer, date_key integer,"
    " part varchar, donor_count bigint",
    "donor_years": "cohort_year integer, giving_year integer, donor_count bigint,"
    " donation_count bigint, gross_cny decimal(18, 2)",
}
_MODELS = {
    "contexts": "int_gift_contexts",
    "donor_counts": "int_donor_counts",
    "donor_years": "int_donor_years",
}
#: What dbt reads of the last release itself, with the types that it has where there is none.
_RELEASE: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "gifts": ("fact_donation", {
        "platform_id": "varchar", "order_no": "varchar", "paid_at": "timestamp",
        "date_key": "integer", "project_no": "varchar", "initiator_uscc": "varchar",
        "donor_key": "varchar", "donor_kind": "varchar", "donor_region_code": "varchar",
        "project_region_code": "varchar", "campaign_id": "varchar", "channel_id": "varchar",
        "amount_cny": "decimal(18, 2)", "status": "varchar", "refunded_at": "timestamp",
        "source_file_id": "varchar",
    }),
    "campaigns": ("dim_campaign", {"campaign_id": "varchar"}),
    "notice_donors": ("fact_notice_donation", {"donor_key": "varchar"}),
}  # fmt: skip

#: Rows whose file is named anew at a time: what DuckDB holds of each until then is some 100 bytes.
_NAMED_AT_ONCE = 4_000_000

Readings: TypeAlias = frozenset[Reading]


def readings(known: Sequence[Standing]) -> Readings:
    """Of the files whose rows count in a build."""
    return frozenset(standing.reading for standing in known)


@dataclass(frozen=True)
class Base:
    """The release that a build goes on from; `readings` are those whose rows it knew.

    `totals` are its gifts: how many, their fen, and the checksum of their order numbers.
    `replaced` are files of gifts that it knew and those that have taken their place since.
    """

    file: Path
    release_id: str
    readings: Readings
    totals: tuple[int, int, int]
    are_donors_kept: bool
    replaced: tuple[Replacement, ...] = ()


def code_digest() -> str:
    """Changes when the code, the models, the rules or the installed libraries do."""
    libraries = sorted({f"{library.name} {library.version}" for library in distributions()})
    digest = hashlib.sha256("\n".join(libraries).encode())
    for place in _CODE:
        for file in sorted((PROJECT_ROOT / place).rglob("*")):
            inner = file.relative_to(PROJECT_ROOT)
            if file.suffix in _SUFFIXES and "target" not in inner.parts:
                digest.update(inner.as_posix().encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


def _folder(settings: Settings) -> Path:
    return settings.build / "base"


def _note(settings: Settings) -> Path:
    return _folder(settings) / "base.json"


def remember(
    settings: Settings, release_id: str, read: Readings, compared: frozenset[Pair]
) -> None:
    """Notes what the release just published was made of, for the next build to go on from.

    `compared` are the pairs of files of which it tells what changed. Losing the note costs time and
    nothing else, so it is written last and never waited for.
    """
    if not settings.work_db.is_file():
        return
    folder = _folder(settings)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with duckdb.connect(str(settings.work_db), read_only=True) as db:
        for name, model in _MODELS.items():
            db.execute(f"copy intermediate.{model} to '{folder / name}.parquet' (format parquet)")
        # the lake's, to which the gates held the gifts of the release
        totals = db.execute("select gifts, gross_fen, orders_hash from gate.lake_gifts").fetchone()
    note = {
        "release_id": release_id,
        "code": code_digest(),
        "readings": sorted(read),
        "compared": sorted(compared),
        "totals": [str(total) for total in totals or ()],
    }
    _note(settings).write_text(json.dumps(note), encoding="utf-8")


def usable_note(settings: Settings) -> dict[str, Any] | None:
    """The note of the last release, if the code is the same and the release still kept.

    Raises OSError, ValueError, KeyError where there is none that can be read.
    """
    note: dict[str, Any] = json.loads(_note(settings).read_text(encoding="utf-8"))
    is_kept = kept_file(settings, note["release_id"]).is_file()
    return note if is_kept and note["code"] == code_digest() else None


def told_before(settings: Settings) -> Told | None:
    """What the last release told of files that took others' places, if its note can be used."""
    try:
        note = usable_note(settings)
        if note is None:
            return None
        pairs = frozenset((_read(old), _read(new)) for old, new in note["compared"])
        return Told(kept_file(settings, note["release_id"]), pairs)
    except (OSError, ValueError, KeyError):
        return None


def _read(noted: Sequence[Any]) -> Reading:
    file_id, when = noted
    return str(file_id), str(when)


def choose(
    settings: Settings,
    known: Sequence[Standing],
    replacements: Sequence[Replacement] = (),
    restated: Mapping[str, int] | None = None,
) -> Base | None:
    """The release to go on from; None where all has to be made anew.

    `known` are the files whose rows count in the build to come. Of `replacements` the new file
    differs from the old in as many orders as `restated` says by its id.
    """
    try:
        note = usable_note(settings)
        if note is None:
            return None
        file = kept_file(settings, note["release_id"])
        gifts, fen, checksum = (int(total) for total in note["totals"])
        before = frozenset(_read(noted) for noted in note["readings"])
    except (OSError, ValueError, KeyError):
        return None
    replaced = _replaced(before, known, replacements)
    anew = {r.new.receipt.file_id: (restated or {}).get(r.new.receipt.file_id, 0) for r in replaced}
    came = kept = 0
    for standing in known:
        if SOURCES[standing.receipt.source].holds_gifts:
            rows = standing.outcome.rows_loaded
            changed = anew.get(standing.receipt.file_id, rows)
            came += 0 if standing.reading in before else changed
            kept += rows if standing.reading in before else rows - min(rows, changed)
    if came > _MOST_CHANGED * kept:
        return None
    return Base(
        file, note["release_id"], before, (gifts, fen, checksum),
        are_donors_kept=came <= _MOST_CHANGED_FOR_DONORS * kept,
        replaced=replaced,
    )  # fmt: skip


def _replaced(
    before: Readings, known: Sequence[Standing], replacements: Sequence[Replacement]
) -> tuple[Replacement, ...]:
    """Files of gifts that stood in the last release, and the one file that now stands for each."""
    now = readings(known)
    taken = Counter(r.new.receipt.file_id for r in replacements)
    return tuple(
        r
        for r in replacements
        if SOURCES[r.new.receipt.source].holds_gifts
        and r.old.reading in before
        and r.new.reading in now - before
        and taken[r.new.receipt.file_id] == 1
    )


def write_base(
    db: duckdb.DuckDBPyConnection, settings: Settings, base: Base | None, known: Sequence[Standing]
) -> None:
    """Fills schema `base`, and leaves of the attached copy only the tables that are gone on with.

    `db` has the scratch database open and the release attached as `juandi`.
    """
    db.execute("create schema base")
    db.execute(
        "create table base.release as select ? as release_id, ? as is_continued,"
        " ? as are_donors_continued",
        [base and base.release_id, base is not None, base is not None and base.are_donors_kept],
    )
    _write_changes(db, settings, base, readings(known))
    db.execute("create table base.totals (gifts hugeint, gross_fen hugeint, orders_hash hugeint)")
    if base:
        db.execute("insert into base.totals values (?, ?, ?)", list(base.totals))
    for name, columns in _STATE.items():
        db.execute(f"create table base.{name} ({columns})")
        if base:
            parquet = _folder(settings) / f"{name}.parquet"
            db.execute(f"insert into base.{name} by name select * from read_parquet('{parquet}')")
    for name, (table, types) in _RELEASE.items():
        if base is None:
            columns = ", ".join(f"{column} {kind}" for column, kind in types.items())
            db.execute(f"create table base.{name} ({columns})")
        else:
            # the gifts stay where they are: the copy that is gone on with is read, then changed
            kind = "view" if table in _KEPT else "table"
            columns = ", ".join(types)
            db.execute(f"create {kind} base.{name} as select {columns} from juandi.star.{table}")
    if base is not None:
        _strip(db, with_donors=base.are_donors_kept)
        _name_after_new_files(db, base.replaced)
        db.execute("checkpoint juandi")


def _write_changes(
    db: duckdb.DuckDBPyConnection, settings: Settings, base: Base | None, now: Readings
) -> None:
    """What came and went: whole files, and orders of files that took another's place."""
    db.execute("create table base.changed_files (source_file_id varchar, change varchar)")
    db.execute("create table base.changed_orders (source_file_id varchar, order_no varchar)")
    if base is None:
        return
    old = {r.old.reading for r in base.replaced}
    new = {r.new.reading for r in base.replaced}
    went = sorted({file_id for file_id, _ in base.readings - now - old})
    changed = [[file_id, "came"] for file_id, _ in sorted(now - base.readings - new)]
    changed += [[file_id, "went"] for file_id in went]
    if changed:
        db.executemany("insert into base.changed_files values (?, ?)", changed)
    if base.replaced:
        db.execute(
            "insert into base.changed_orders select distinct source_file_id, order_no"
            " from restated.orders where list_contains(?, source_file_id)",
            [[r.new.receipt.file_id for r in base.replaced]],
        )
    for file_id in went:
        _write_orders(db, settings, file_id)


def _write_orders(db: duckdb.DuckDBPyConnection, settings: Settings, file_id: str) -> None:
    """The orders of a file of gifts that went: what it told of them another file may not tell."""
    for source in SOURCES.values():
        parts = settings.lake.glob(f"{source.name}/export_date=*/{file_id}/*.parquet")
        for part in parts if source.holds_gifts else ():
            db.execute(
                f'insert into base.changed_orders select ?, "{source.key[0]}"'
                f" from read_parquet('{part}', hive_partitioning = false)",
                [file_id],
            )


def _name_after_new_files(db: duckdb.DuckDBPyConnection, replaced: Sequence[Replacement]) -> None:
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


def _strip(db: duckdb.DuckDBPyConnection, *, with_donors: bool) -> None:
    kept = _KEPT if with_donors else _KEPT[:1]
    tables = db.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'juandi'"
    ).fetchall()
    for schema, table in tables:
        if schema != "star" or table not in kept:
            db.execute(f'drop table juandi."{schema}"."{table}"')
