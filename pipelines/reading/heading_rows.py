"""Finds the heading record of a delimited text, and its delimiter.

Records are read like the rows below, so a quoted line break inside a heading belongs to it.
`headings` matches a heading to the contract. A row with both headings and data is refused: the text
has lost its line ends.
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


class FoundHeading(NamedTuple):
    """A heading, and where the rows under it begin."""

    lines: int  # before the first row
    delimiter: str
    heading: Heading
    titles: list[list[str]]  # the rows above it


def shown(name: str) -> str:
    """An unknown heading in a form that may be published: without anything that may be data."""
    if len(name) > _LONGEST_HEADING or looks_like_data(name):
        return "(no name: it looks like data)"
    return " ".join(name.split())


def find_heading(head: bytes, source: Source) -> FoundHeading:
    """The heading in the first lines of a text. Raises FileRefused."""
    nearest: tuple[Heading, Sequence[str]] | None = None
    best: FoundHeading | None = None
    for clean in (False, True):  # marks around headings are ignored only if nothing else fits
        for delimiter in DELIMITERS:
            found = list(records(head, delimiter, ANY_WIDTH))
            rows = [r.fields for r in found]
            candidates = [[] if any(len(c) > _LONGEST_HEADING for c in r) else r for r in rows]
            if clean:
                candidates = [[_MARKS_AROUND.sub("", plain(c)) for c in r] for r in candidates]
            index, heading = search(candidates, source)
            if heading is None:
                continue
            if index is None:
                if nearest is None or heading.score > nearest[0].score:
                    nearest = heading, heading.names
            elif best is None or heading.score > best.heading.score:
                lines = found[index].lines_before + found[index].lines
                titles = rows[: index + 1 - heading.rows]
                best = FoundHeading(lines, delimiter, heading, titles)
        if best is not None:
            _refuse_glued(best.heading, source)
            return best
    if nearest is not None:
        _refuse_glued(nearest[0], source)
    raise FileRefused("file.no_heading", missing_columns(nearest[0] if nearest else None, source))


def missing_columns(nearest: Heading | None, source: Source) -> str:
    """What the nearest row lacks to be the heading, for a refusal."""
    if nearest is None:
        return "no row looks like a heading of this source"
    by_name = source.by_name
    labels = (f"{n} ({' | '.join(by_name[n].accepted[1:3])})" for n in nearest.missing)
    return "missing: " + ", ".join(labels)


def _refuse_glued(heading: Heading, source: Source) -> None:
    """Raises FileRefused if the heading's row continues with data: a line end is missing."""
    data = sum(looks_like_data(name) for name in heading.unknown)
    words = [normal(word) for column in source.columns for word in column.accepted]
    glued = any(_begins_with_one(name, words) for name in heading.unknown)
    if data > 1 or (data and glued):
        raise FileRefused(
            "file.line_ends",
            f"the heading's line has {len(heading.names)} cells: {len(heading.fields)} are"
            f" headings and at least {data} are data",
        )


def _begins_with_one(name: str, words: Sequence[str]) -> bool:
    """True of a heading directly followed by the first cell of the first row."""
    key = normal(name)
    rest = (key[len(word) :] for word in words if key.startswith(word))
    return any(looks_like_data(r.strip("`'\"")) for r in rest if r)
