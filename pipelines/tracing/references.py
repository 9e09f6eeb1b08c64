"""The reference by which people and tables name a line: `file id:sheet:line`."""

from __future__ import annotations

import re

_REFERENCE = re.compile(
    r"(?P<file>[0-9a-f]{16}):(?P<sheet>.*):(?P<line>[1-9][0-9]{0,17})", re.DOTALL
)


def reference_of(file_id: object, sheet: object, line: object) -> str:
    """Of its parts, as a published row and `ops.quarantine` have them.

    Without a sheet there is none, or it is not known.
    """
    return f"{file_id}:{sheet or ''}:{line if line is not None else ''}"


def read_reference(text: str) -> tuple[str, str | None, int] | None:
    """(file id, sheet, line) of such a text; None if it is none."""
    found = _REFERENCE.fullmatch(text)
    return (found["file"], found["sheet"] or None, int(found["line"])) if found else None
