"""Contents of a file that were not read: counted, with their place, never ignored silently.

Readers add an entry for whatever they skip, `load` keeps it in the file's outcome, and
`ops.left_out` publishes it. An entry says where and how much, but never quotes the contents, which
may name a person.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class LeftKind(StrEnum):
    """What kind of content was left out."""

    CELLS = "cells"  # filled cells of rows, under a blank heading or under none
    COLUMN = "column"  # values of a second column for the same heading
    BLOCK = "block"  # a table beside or below the one that was read
    LIST = "list"  # another list of objects in one JSON document
    SHEET = "sheet"  # a hidden sheet, or one without a heading of the source
    FILE = "file"  # a file in a source's folder that was not read at all


class LeftOut(NamedTuple):
    """Content that was not read. `place` is a sheet, column or path; it contains no values."""

    kind: LeftKind
    place: str
    rows: int
    cells: int
