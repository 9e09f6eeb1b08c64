"""Which record of a delimited text is its heading, and with what delimiter.

Records are read as the rows below are, so a line break quoted inside a heading belongs to it. What
a heading means is the business of `headings`; here it is only looked for, and a row that holds
data beside headings is told from one: text that lost its line ends has such.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipelines.cleaning.text import plain
from pipelines.reading.above import looks_like_data
from pipelines.reading.headings import Heading, normal, search
from pipelines.reading.records import ANY_WIDTH, records
from pipelines.reading.refusals import FileRefused
from pipelines.sources import Source

DELIMITERS = (",", "\t", ";", "|")
HEAD_LINES = 100
_LONGEST_HEADING = 200  # characters of one cell
_MARKS_AROUND = re.compile(r"^[^\w(（\[【#]+|[^\w)）\]】%]+$")


class Found(NamedTuple):
    """A heading, and where the rows under it begin."""

    lines: int  # before the first row
    delimiter: str
    heading: Heading
    titles: list[list[str]]  # the rows above it


def shown(name: str) -> str:
    """A heading that the contract does not know, as it may be published: never data."""
    if len(name) > _LONGEST_HEADING or looks_like_data(name):
        return "(no name: it looks like data)"
    return " ".join(name.split())


def find_heading(head: bytes, source: Source) -> Found:
    """The heading in the first lines of a text. Raises FileRefused."""
    nearest: tuple[Heading, Sequence[str]] | None = None
    best: Found | None = None
    for clean in (False, True):  # marks around a heading are looked past only where one must
        for delimiter in DELIMITERS:
            found = list(records(head, delimiter, ANY_WIDTH))
            rows = [r.fields for r in found]
            looked_at = [[] if any(len(c) > _LONGEST_HEADING for c in r) else r for r in rows]
            if clean:
                looked_at = [[_MARKS_AROUND.sub("", plain(c)) for c in r] for r in looked_at]
            index, heading = search(looked_at, source)
            if heading is None:
                continue
            if index is None:
                if nearest is None or heading.score > nearest[0].score:
                    nearest = heading, heading.names
            elif best is None or heading.score > best.heading.score:
                lines = found[index].lines_before + found[index].lines
                best = Found(lines, delimiter, heading, rows[:index])
        if best is not None:
            _refuse_glued(best.heading, source)
            return best
    if nearest is not None:
        _refuse_glued(nearest[0], source)
    raise FileRefused("file.no_heading", missing_columns(nearest[0] if nearest else None, source))


def missing_columns(nearest: Heading | None, source: Source) -> str:
    """What keeps the nearest row from being the heading, for a refusal."""
    if nearest is None:
        return "no row holds a heading of this source"
    by_name = source.by_name
    labels = (f"{n} ({' | '.join(by_name[n].accepted[1:3])})" for n in nearest.missing)
    return "missing: " + ", ".join(labels)


def _refuse_glued(heading: Heading, source: Source) -> None:
    """Raises where the heading's own row goes on with data: nothing parts it from the rows."""
    data = sum(looks_like_data(name) for name in heading.unknown)
    words = [normal(word) for column in source.columns for word in column.accepted]
    glued = any(_begins_with_one(name, words) for name in heading.unknown)
    if data > 1 or (data and glued):
        raise FileRefused(
            "file.line_ends",
            f"the line of the heading holds {len(heading.names)} cells, {len(heading.fields)} of"
            f" them headings and at least {data} of them data",
        )


def _begins_with_one(name: str, words: Sequence[str]) -> bool:
    """True of a heading that the first cell of the first row was written right behind."""
    key = normal(name)
    rest = (key[len(word) :] for word in words if key.startswith(word))
    return any(looks_like_data(r.strip("`'\"")) for r in rest if r)
