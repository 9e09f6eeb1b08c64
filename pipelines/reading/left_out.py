"""What a file held beyond what was taken from it: counted and placed, never passed over in silence.

Words only: readers add an entry where they leave something, `load` keeps it in the file's outcome,
and `ops.left_out` publishes it. An entry says where and how much, never what stood there: that may
name a person.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What was left."""

    CELLS = "cells"  # filled cells of rows, under a blank heading or under none
    COLUMN = "column"  # a second column of a heading that was taken
    BLOCK = "block"  # a table beside or below the one that was read
    LIST = "list"  # another list of objects in one JSON document
    SHEET = "sheet"  # a hidden sheet, or one without a heading of the source
    FILE = "file"  # a file in a source's folder that was not read at all


class LeftOut(NamedTuple):
    """Something that was not taken. `place` names sheet, column or path; it holds no values."""

    kind: Kind
    place: str
    rows: int
    cells: int
