"""Which of the received files stand: duplicates, re-issues, replaced files.

Derived afresh from receipts and outcomes, in the order of receipt, so that a rebuilt lake comes
to the same answer. Keys that two files of a partition share are settled in dbt: the one
received last stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TypeAlias

import duckdb

from pipelines.settings import Settings
from pipelines.sources import SOURCES
from pipelines.sources.contract import META_COLUMNS
from pipelines.stages.catalog import Catalog, Outcome, Receipt
from pipelines.stages.zones import lake_folder

_COPY_MARK = re.compile(
    r"(?:[\s_-]*(?:\(\d{1,3}\)|（\d{1,3}）|[vV]\d{1,3}|副本|复制|拷贝|copy|最终版|修订版|更正))+$"
)

#: (file id, when it was read)
Reading: TypeAlias = tuple[str, str]


@dataclass(frozen=True)
class Standing:
    """A received file and what has become of it.

    `status` is loaded, refused, duplicate, reissue or superseded; `other` is the file that a
    duplicate or re-issue repeats, or that replaced this one.
    """

    receipt: Receipt
    outcome: Outcome
    status: str
    other: Receipt | None = None

    @property
    def partition(self) -> date | None:
        """The business date its rows belong to."""
        return self.outcome.partition or self.receipt.partition

    @property
    def is_active(self) -> bool:
        """True when its rows in the lake count."""
        return self.status == "loaded"

    @property
    def reading(self) -> Reading:
        """The file as it was read. Read once more, it may say something else."""
        return self.receipt.file_id, self.outcome.loaded_at


def plain_name(file_name: str) -> str:
    """A file's name without folder, packing and copy marks (` (1)`, `_v2`, `副本`)."""
    name = unicodedata.normalize("NFKC", PurePosixPath(file_name).name)
    if name.lower().endswith(".gz"):
        name = name[:-3]
    stem, dot, extension = name.rpartition(".")
    stem = stem if dot else name
    return f"{_COPY_MARK.sub('', stem.strip())}.{extension}".casefold()


def resolve(settings: Settings) -> list[Standing]:
    """Every received file that was read, in order of receipt, with its standing."""
    catalog = Catalog(settings)
    outcomes = {n: outcome for n, (_, outcome) in catalog.outcomes().items()}
    standings: list[Standing] = []
    for receipt in catalog.receipts():
        if receipt.source not in SOURCES:
            continue
        same = _same_bytes(standings, receipt)
        if same is not None:
            standings.append(Standing(receipt, same.outcome, "duplicate", same.receipt))
            continue
        outcome = outcomes.get(receipt.received_no)
        if outcome is None:
            continue  # received, not read yet
        if outcome.refusal:
            standings.append(Standing(receipt, outcome, "refused"))
            continue
        replaced = _replaced(standings, receipt, outcome)
        again = None if replaced else _reissue(settings, standings, receipt, outcome)
        for old in replaced:
            standings[standings.index(old)] = Standing(
                old.receipt, old.outcome, "superseded", receipt
            )
        status = "reissue" if again else "loaded"
        standings.append(Standing(receipt, outcome, status, again.receipt if again else None))
    return standings


def _same_bytes(before: Sequence[Standing], receipt: Receipt) -> Standing | None:
    """An earlier file of the same bytes that has not been replaced since."""
    for old in before:
        same = (old.receipt.source, old.receipt.sha256) == (receipt.source, receipt.sha256)
        # bytes that come back after another file took their place are a replacement anew
        if same and old.status in ("loaded", "refused"):
            return old
    return None


def _replaced(before: Sequence[Standing], receipt: Receipt, outcome: Outcome) -> list[Standing]:
    """Earlier files of the same name and partition, whose place this one takes."""
    name = plain_name(receipt.file_name)
    return [
        old
        for old in before
        if old.is_active
        and old.receipt.source == receipt.source
        and old.partition == outcome.partition
        and plain_name(old.receipt.file_name) == name
    ]


def _reissue(
    settings: Settings, before: Sequence[Standing], receipt: Receipt, outcome: Outcome
) -> Standing | None:
    """An earlier file of the source that holds exactly the same rows under another name.

    Of a dated source, within the partition only: the next day's unchanged export is news.
    """
    if outcome.rows_loaded == 0:
        return None
    source = SOURCES[receipt.source]
    for old in before:
        if (
            old.is_active
            and old.receipt.source == receipt.source
            and (old.outcome.rows_loaded, old.outcome.fen_loaded)
            == (outcome.rows_loaded, outcome.fen_loaded)
            and (not source.dated or old.partition == outcome.partition)
            and _same_rows(
                source.name,
                _Rows(lake_folder(settings, old.receipt, old.partition), old.outcome.loaded_at),
                _Rows(lake_folder(settings, receipt, outcome.partition), outcome.loaded_at),
                settings.memory_limit,
            )
        ):
            return old
    return None


@dataclass(frozen=True)
class _Rows:
    """A file's rows in the lake; read anew, they are others."""

    folder: Path
    loaded_at: str


@cache  # standings are asked for dozens of times a night, and the rows may be millions
def _same_rows(source: str, one: _Rows, other: _Rows, memory_limit: str) -> bool:
    own = [c for c in SOURCES[source].lake_schema() if c not in META_COLUMNS]
    columns = ", ".join(f'"{c}"' for c in own)
    first, second = (
        f"select {columns} from read_parquet('{rows.folder}/*.parquet')" for rows in (one, other)
    )
    with duckdb.connect() as db:
        db.execute(f"set memory_limit = '{memory_limit}'")
        rest = db.execute(f"select 1 from ({first} except all {second}) limit 1").fetchone()
    return rest is None
