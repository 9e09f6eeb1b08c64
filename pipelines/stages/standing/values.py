"""How a received file stands, and what was decided where it was like another.

Words only: `resolve` decides, `holding` says what is held back, `accounts` publishes.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

from pipelines.stages.store.receipts import Outcome, Receipt

_MARK = r"\(\d{1,3}\)|（\d{1,3}）|[vV]\d{1,3}|副本|复件|复制|拷贝|copy|最终版|修订版|更正"
_COPY_MARK = re.compile(rf"(?:[\s_-]*(?:{_MARK}))+$", re.IGNORECASE)
_COPY_OF = re.compile(r"^(?:副本|复件|拷贝|copy of)[\s_-]+", re.IGNORECASE)
_PACKING = (".gz", ".zip")
_EXTENSION = re.compile(r"\.(?:csv|txt|tsv|jsonl?|xls[xmb]?|ods)$")

#: (file id, when it was read)
Reading: TypeAlias = tuple[str, str]


class Meets(StrEnum):
    """In what two files are alike."""

    NAME = "same_name"  # plain name and partition, at different paths
    ROWS = "same_rows"  # rows without an id, equal throughout


class Decided(StrEnum):
    """What became of two files that are alike."""

    REPLACED = "replaced"
    BOTH_STAND = "both_stand"


@dataclass(frozen=True)
class Meeting:
    """A file met an earlier one: of the earlier one's `of` keys (or rows) it has `shared`."""

    earlier: Receipt
    alike: Meets
    decided: Decided
    shared: int
    of: int


class Cause(StrEnum):
    """Why a file is held back."""

    SHRINKS = "shrinks"
    SCALE = "scale"
    REFUSED = "refused"


@dataclass(frozen=True)
class Held:
    """Why a file is not let in unasked: beside `other`, which stands.

    SHRINKS: the two load `rows` and `other_rows`. SCALE: amounts are about `factor` times as large
    as usual, in `rows` rows of the file, of which `shared` have a key that `other` has too.
    REFUSED: of `other_rows` rows `rows` are refused; the file is held for itself, beside none.
    """

    cause: Cause
    other: Receipt | None
    rows: int
    other_rows: int
    factor: float = 1.0
    shared: int = 0


@dataclass(frozen=True)
class Standing:
    """A received file and what has become of it.

    `status` is loaded, refused, duplicate, reissue, superseded, held or rejected; `other` is the
    file that a duplicate or re-issue repeats, that replaced this one, or beside which it is held.
    """

    receipt: Receipt
    outcome: Outcome
    status: str
    other: Receipt | None = None
    held: Held | None = None  # why it is, or would be without a decision
    decision: str | None = None  # of a person: accepted or rejected
    meetings: tuple[Meeting, ...] = ()
    is_let_go: bool = False  # its standing is noted, for its rows or bytes are no longer kept

    @property
    def partition(self) -> date | None:
        """The business date its rows belong to."""
        return self.outcome.partition or self.receipt.partition

    @property
    def is_active(self) -> bool:
        """True when its rows in the lake count."""
        return self.status == "loaded"

    @property
    def is_never_let_in(self) -> bool:
        """True of a file that was held back and that nobody accepted."""
        return self.held is not None and self.decision != "accepted"

    @property
    def reading(self) -> Reading:
        """The file as it was read. Read again, it may say something else."""
        return self.receipt.file_id, self.outcome.loaded_at


@lru_cache(maxsize=100_000)
def plain_name(file_name: str) -> str:
    """A file's name without folder, packing and copy marks (` (1)`, `_v2`, `副本`)."""
    name = unicodedata.normalize("NFKC", file_name.rpartition("/")[2]).casefold()
    is_bare = True
    while is_bare:  # `a.csv (1).gz`: a mark may stand behind each extension
        before = name
        name = _COPY_MARK.sub("", name.strip())
        for packing in _PACKING:
            name = name.removesuffix(packing)
        is_bare = name != before
    found = _EXTENSION.search(name)
    extension = found[0] if found else ""
    stem = name.removesuffix(extension)
    stem = _COPY_MARK.sub("", stem.strip())
    return f"{_COPY_OF.sub('', stem)}{extension}"


def stem_of(plain: str) -> str:
    """A plain name without its extension: files of one plain name have one."""
    return _EXTENSION.sub("", plain)


def same_plain_name(one: str, other: str) -> bool:
    """Of plain names. A packed file may not say what it holds: `a.zip` may be `a.csv`."""
    return one == other or (stem_of(one) == stem_of(other) and stem_of(one) in (one, other))
