"""What the catalogues hold, as values: a receipt, what reading it gave, what a person decided.

How they are kept is `catalog`'s; which files stand is `resolve`'s.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from pipelines.cleaning.identities import mask_text
from pipelines.reading.left_out import LeftKind, LeftOut
from pipelines.stages.load.scales import Scale


@dataclass(frozen=True)
class Receipt:
    """One file as it came: an event. `partition` is the business date in its name, if any.

    `ordinal` counts how often the same bytes came at the same path before, with others in between.

    Name and path are kept as they are, for the file has to be found; what is published or printed
    is `shown_name` and `shown_path`.
    """

    received_no: int
    source: str
    file_name: str
    landing_path: str  # below the landing folder, with /
    sha256: str
    bytes: int
    modified_at: datetime
    first_seen_at: datetime
    partition: date | None
    ordinal: int = 0

    @property
    def shown_name(self) -> str:
        """The file's name as it is shown: without a person's number."""
        return mask_text(self.file_name)

    @property
    def shown_path(self) -> str:
        """`landing_path` as it is shown."""
        return mask_text(self.landing_path)

    @cached_property
    def file_id(self) -> str:
        """The same for the same bytes at the same path in any warehouse, whenever received."""
        text = f"{self.source}\n{self.landing_path}\n{self.sha256}"
        if self.ordinal:
            text += f"\n{self.ordinal}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Outcome:
    """What reading a receipt gave. Amounts in fen. `refusal` is set for a refused file."""

    partition: date | None = None
    is_day_stated: bool = False  # by the file's name or a cell; else it is the file's own date
    encoding: str | None = None
    dialect: str | None = None
    refusal: str | None = None
    rows_read: int = 0
    rows_loaded: int = 0
    rows_quarantined: int = 0
    rows_duplicate: int = 0
    rows_superseded: int = 0
    fen_read: int = 0
    fen_loaded: int = 0
    fen_quarantined: int = 0
    fen_duplicate: int = 0
    fen_superseded: int = 0
    footer_rows: int = 0
    footer_fen: int | None = None  # the sum of its printed totals (`reading.totals`)
    totals_told: int = 0  # printed totals, of parts too
    totals_wrong: int = 0  # those of them that the rows do not add up to
    claims: tuple[tuple[str, str, str], ...] = ()  # (claim, as printed, as the rows say)
    truncated: bool = False
    repeated_headings: int = 0
    unknown_columns: tuple[str, ...] = ()
    unknown_codes: tuple[tuple[str, str, int], ...] = ()
    left_out: tuple[LeftOut, ...] = ()  # what the file held beyond what was taken
    scales: tuple[Scale, ...] = ()  # of what size its amounts are
    loaded_at: str = ""

    def to_json(self) -> str:
        """As kept in the lake's catalogue."""
        return json.dumps(asdict(self), ensure_ascii=False, default=str)

    @staticmethod
    def from_json(text: str) -> Outcome:
        """The reverse of `to_json`."""
        values: dict[str, Any] = json.loads(text)
        values["partition"] = (
            date.fromisoformat(values["partition"]) if values["partition"] else None
        )
        values["unknown_columns"] = tuple(values["unknown_columns"])
        values["claims"] = tuple((c, p, f) for c, p, f in values.get("claims", ()))
        values["unknown_codes"] = tuple((c, w, n) for c, w, n in values["unknown_codes"])
        values["left_out"] = tuple(
            LeftOut(LeftKind(k), place, rows, cells)
            for k, place, rows, cells in values.get("left_out", ())
        )
        values["scales"] = tuple(Scale(*scale) for scale in values.get("scales", ()))
        return Outcome(**values)


class Taken(NamedTuple):
    """The part of an outcome that says where its parts lie, or that its file was lost."""

    partition: date | None
    rows_loaded: int
    rows_quarantined: int
    refusal: str | None


@dataclass(frozen=True)
class FileDecision:
    """What a person decided on a file that was held back: `state` is accepted or rejected."""

    state: str
    reason: str
    decided_by: str
    decided_at: str


@dataclass(frozen=True)
class RowDecision:
    """What a person decided on a refused row: `state` is waived (or, of a file, given up)."""

    state: str
    reason: str
    decided_by: str
    decided_at: str


@dataclass(frozen=True)
class Correction:
    """What a person says that a refused line should read: `changes` by the contract's columns.

    `handed_in` is the sha256 of the file that said so. Personal columns are never among them.
    """

    quarantine_id: str
    source: str
    file_id: str
    changes: Mapping[str, str]
    reason: str
    decided_by: str
    decided_at: str
    handed_in: str


class Part(NamedTuple):
    """A Parquet file of a load, as it was written. `zone` is lake or quarantine."""

    zone: str
    name: str
    bytes: int
    mtime_ns: int
    ctime_ns: int
    sha256: str
