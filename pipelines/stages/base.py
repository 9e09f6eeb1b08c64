"""What a build goes on from: the last release's gifts, kept where nothing about them changed.

Publishing leaves a note of what went into a release (`remember`). The next build begins with a
copy of that release if the code is the same and most of its files still stand (`choose`), and
tells dbt in schema `base` what came and went since (`write_base`). Without a usable note all is
made anew; the result is the same either way. What follows for each model is dbt's to say.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import duckdb

from pipelines.publishing.releases import kept_file
from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.sources import SOURCES

if TYPE_CHECKING:
    from pipelines.stages.resolve import Standing

_CODE = ("pipelines", "dbt_project", "expectations", "uv.lock")
_SUFFIXES = {".py", ".sql", ".yml", ".csv", ".lock"}

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
        "amount_cny": "decimal(18, 2)", "source_file_id": "varchar",
    }),
    "campaigns": ("dim_campaign", {"campaign_id": "varchar"}),
    "notice_donors": ("fact_notice_donation", {"donor_key": "varchar"}),
}  # fmt: skip

#: Files as they were read: (file id, when). Read once more, a file may say something else.
Readings: TypeAlias = frozenset[tuple[str, str]]


def readings(known: Sequence[Standing]) -> Readings:
    """Of the files whose rows count in a build."""
    return frozenset(_reading(standing) for standing in known)


def _reading(standing: Standing) -> tuple[str, str]:
    return standing.receipt.file_id, standing.outcome.loaded_at


@dataclass(frozen=True)
class Base:
    """The release that a build goes on from; `readings` are those whose rows it knew.

    `totals` are its gifts: how many, their fen, and the checksum of their order numbers.
    """

    file: Path
    release_id: str
    readings: Readings
    totals: tuple[int, int, int]
    are_donors_kept: bool


def code_digest() -> str:
    """Changes when the code, the models, the rules or the libraries do."""
    digest = hashlib.sha256()
    for place in _CODE:
        root = PROJECT_ROOT / place
        for file in [root] if root.is_file() else sorted(root.rglob("*")):
            if file.suffix in _SUFFIXES and "target" not in file.parts:
                digest.update(file.relative_to(PROJECT_ROOT).as_posix().encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


def _folder(settings: Settings) -> Path:
    return settings.build / "base"


def _note(settings: Settings) -> Path:
    return _folder(settings) / "base.json"


def remember(settings: Settings, release_id: str, read: Readings) -> None:
    """Notes what the release just published was made of, for the next build to go on from.

    Losing the note costs time and nothing else, so it is written last and never waited for.
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


def choose(settings: Settings, known: Sequence[Standing]) -> Base | None:
    """The release to go on from; None where all has to be made anew.

    `known` are the files whose rows count in the build to come.
    """
    try:
        note = usable_note(settings)
        if note is None:
            return None
        file = kept_file(settings, note["release_id"])
        gifts, fen, checksum = (int(total) for total in note["totals"])
        before = frozenset((str(file_id), str(when)) for file_id, when in note["readings"])
    except (OSError, ValueError, KeyError):
        return None
    gift_files = [s for s in known if SOURCES[s.receipt.source].holds_gifts]
    came = sum(s.outcome.rows_loaded for s in gift_files if _reading(s) not in before)
    kept = sum(s.outcome.rows_loaded for s in gift_files if _reading(s) in before)
    if came > _MOST_CHANGED * kept:
        return None
    return Base(
        file, note["release_id"], before, (gifts, fen, checksum),
        are_donors_kept=came <= _MOST_CHANGED_FOR_DONORS * kept,
    )  # fmt: skip


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
    db.execute("create table base.changed_files (source_file_id varchar, change varchar)")
    now = readings(known)
    before = base.readings if base else now
    changed = [[file_id, "came"] for file_id, _ in sorted(now - before)]
    changed += [[file_id, "went"] for file_id, _ in sorted(before - now)]
    if changed:
        db.executemany("insert into base.changed_files values (?, ?)", changed)
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


def _strip(db: duckdb.DuckDBPyConnection, *, with_donors: bool) -> None:
    kept = _KEPT if with_donors else _KEPT[:1]
    tables = db.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'juandi'"
    ).fetchall()
    for schema, table in tables:
        if schema != "star" or table not in kept:
            db.execute(f'drop table juandi."{schema}"."{table}"')
    db.execute("checkpoint juandi")
