"""The contents of a sample and what was planted in it, to check that what is found was planted.

`manifest.json` is beside the source folders, never inside one. Money is in fen (whole
numbers), with `*_cny` texts beside the totals.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

Faults = Literal["none", "some", "many"]
#: Where a row of a file ends up (law 1); `aside` is a footer, a note or a repeated heading.
Outcome = Literal["loaded", "quarantined", "duplicate", "superseded", "aside"]
#: What kind of thing was planted.
Level = Literal["row", "value", "file", "drift", "review", "bill", "flag", "claim"]


def yuan(fen: int) -> str:
    """Fen as yuan with two decimals, exactly."""
    sign, rest = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{rest // 100}.{rest % 100:02d}"


@dataclass
class SampleTally:
    """Rows and money of a file by outcome, as `ops.load_audit` should show them."""

    read: int = 0
    loaded: int = 0
    quarantined: int = 0
    duplicate: int = 0
    superseded: int = 0
    fen_read: int = 0
    fen_loaded: int = 0
    fen_quarantined: int = 0
    fen_duplicate: int = 0
    fen_superseded: int = 0

    def add(self, outcome: Outcome, rows: int, fen: int) -> None:
        """Counts `rows` rows and their money under `outcome`."""
        if outcome == "aside":
            return
        self.read += rows
        self.fen_read += fen
        setattr(self, outcome, getattr(self, outcome) + rows)
        setattr(self, f"fen_{outcome}", getattr(self, f"fen_{outcome}") + fen)

    def moved_to(self, outcome: Outcome) -> SampleTally:
        """The same rows, all counted under `outcome`; none loaded."""
        moved = SampleTally()
        moved.add(outcome, self.read, self.fen_read)
        return moved


@dataclass
class Planted:
    """One planted thing: where it is and what should become of it.

    `rule` is the id of a row rule, a file rule or a red flag, or a gap type. `lines` are physical
    lines (or sheet rows) from 1. Review gaps have chain, subject and level instead of lines; the
    `key` of a flag is the subject of its finding.
    """

    kind: str
    level: Level
    source: str
    path: str | None = None
    lines: list[int] = field(default_factory=list)
    outcome: str | None = None  # of the row, or the status of the file
    rule: str | None = None
    column: str | None = None
    text: str | None = None  # the value as written
    expected: str | None = None  # how it must be read; None: as null
    key: str | None = None
    chain_id: str | None = None
    subject_id: str | None = None
    level_no: int | None = None
    note: str | None = None


@dataclass
class SampleFile:
    """One file as written, and what a load should report about it."""

    source: str
    path: str
    partition: str | None
    sha256: str
    bytes: int
    modified_at: str
    encoding: str
    dialect: str
    status: str  # loaded, refused, duplicate, reissue or superseded
    rule: str | None  # the file rule of a refusal
    rows: SampleTally
    footer_rows: int = 0
    footer_fen: int | None = None
    footer_agrees: bool | None = None
    repeated_headings: int = 0
    truncated: bool = False


@dataclass
class Manifest:
    """The whole sample. `totals` are of the clean population: faults never change them."""

    campaign: str
    seed: int
    scale: float
    faults: Faults
    totals: dict[str, Any] = field(default_factory=dict)
    files: list[SampleFile] = field(default_factory=list)
    planted: list[Planted] = field(default_factory=list)
    synthetic: bool = True
    notice: str = (
        "合成数据：全部记录由程序生成，不是任何机构或个人的真实记录。/ All rows are synthetic."
    )

    def of_level(self, level: Level) -> list[Planted]:
        """What was planted of one kind."""
        return [p for p in self.planted if p.level == level]

    def file(self, path: str) -> SampleFile:
        """The facts of one file. Raises KeyError."""
        for facts in self.files:
            if facts.path == path:
                return facts
        raise KeyError(path)

    def to_json(self) -> str:
        """The text of `manifest.json`."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """A manifest read back. Raises OSError, ValueError."""
        raw = json.loads(path.read_text(encoding="utf-8"))
        raw["files"] = [SampleFile(**{**f, "rows": SampleTally(**f["rows"])}) for f in raw["files"]]
        raw["planted"] = [Planted(**p) for p in raw["planted"]]
        return cls(**raw)
