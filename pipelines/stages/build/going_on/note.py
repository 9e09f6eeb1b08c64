"""The note of a release: of what it was made, for the next build to go on from.

Publishing leaves it, in the build zone, with a few tables of the scratch database. Without a note
that can be used all is made anew, and comes out the same. Whether it is gone on from is
`choosing`'s to say.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import duckdb

from pipelines.publishing.releases import kept_file
from pipelines.settings import Settings
from pipelines.stages.build.going_on.code import code_digest
from pipelines.stages.build.restatements import Pair, ToldBefore
from pipelines.stages.standing.values import Reading, Standing
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.forgotten import last_entry

#: Tables of the scratch database that the next build wants to know.
STATE: Mapping[str, str] = {
    "contexts": "project_no varchar, paid_on date, project_key varchar, initiator_uscc varchar,"
    " supporter_uscc varchar, project_region_code varchar, entered_campaign_id varchar",
    "donor_counts": "scope_type varchar, scope_id varchar, giving_year integer, date_key integer,"
    " part varchar, donor_count bigint",
    "donor_years": "cohort_year integer, giving_year integer, donor_count bigint,"
    " donation_count bigint, gross_cny decimal(18, 2)",
}
MODELS = {
    "contexts": "int_gift_contexts",
    "donor_counts": "int_donor_counts",
    "donor_years": "int_donor_years",
}

Readings: TypeAlias = frozenset[Reading]


def readings(known: Sequence[Standing]) -> Readings:
    """Of the files whose rows count in a build."""
    return frozenset(standing.reading for standing in known)


@dataclass(frozen=True)
class Note:
    """What the last release was made of; `totals` are its gifts, as `choosing.Base` has them."""

    file: Path
    release_id: str
    readings: Readings
    compared: frozenset[Pair]
    totals: tuple[int, int, int]


def state_file(settings: Settings, name: str) -> Path:
    """Where the table `name` of `STATE` is kept, as Parquet."""
    return _folder(settings) / f"{name}.parquet"


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
        for name, model in MODELS.items():
            parquet = state_file(settings, name)
            db.execute(f"copy intermediate.{model} to '{parquet}' (format parquet)")
        # the lake's, to which the gates held the gifts of the release
        totals = db.execute("select gifts, gross_fen, orders_hash from gate.lake_gifts").fetchone()
    note = {
        "release_id": release_id,
        "code": code_digest(),
        "forgotten": last_entry(Catalog(settings)),
        "readings": sorted(read),
        "compared": sorted(compared),
        "totals": [str(total) for total in totals or ()],
    }
    _note(settings).write_text(json.dumps(note), encoding="utf-8")


def usable_note(settings: Settings) -> Note | None:
    """The note of the last release, if the code is the same, the release still kept and nobody was
    forgotten since: a copy of it would hold them, in rows or in what deleted rows leave."""
    try:
        told: dict[str, Any] = json.loads(_note(settings).read_text(encoding="utf-8"))
        file = kept_file(settings, told["release_id"])
        if not file.is_file() or told["code"] != code_digest():
            return None
        if told["forgotten"] != last_entry(Catalog(settings)):
            return None
        gifts, fen, checksum = (int(total) for total in told["totals"])
        return Note(
            file, told["release_id"],
            frozenset(_read(noted) for noted in told["readings"]),
            frozenset((_read(old), _read(new)) for old, new in told["compared"]),
            (gifts, fen, checksum),
        )  # fmt: skip # a record
    except (OSError, ValueError, KeyError):
        return None


def told_before(note: Note | None) -> ToldBefore | None:
    """What the last release told of files that took others' places, if its note can be used."""
    return None if note is None else ToldBefore(note.file, note.compared)


def _read(noted: Sequence[Any]) -> Reading:
    file_id, when = noted
    return str(file_id), str(when)
