"""A line as plain data, for `--json` and the API, and the reference by which people name it."""

from __future__ import annotations

import re

from pipelines.tracing.lines import Place, TracedLine

_REFERENCE = re.compile(
    r"(?P<file>[0-9a-f]{16}):(?P<sheet>.*):(?P<line>[1-9][0-9]{0,17})", re.DOTALL
)
_OF_FILE = (
    "source", "status", "reason", "partition", "received_at", "sha256", "encoding", "dialect",
)  # fmt: skip # a list
_OF_REFUSED = ("quarantine_id", "rule_ids", "reasons_zh", "reasons_en", "state", "state_reason")


def reference(place: Place) -> str:
    """`file id:sheet:line`, as `ops.quarantine` has it; without a sheet there is none or it is
    not known."""
    return reference_of(place.file_id, place.sheet, place.line)


def reference_of(file_id: object, sheet: object, line: object) -> str:
    """The same of its parts, as a published row has them."""
    return f"{file_id}:{sheet or ''}:{line if line is not None else ''}"


def read_reference(text: str) -> tuple[str, str | None, int] | None:
    """(file id, sheet, line) of such a text; None if it is none."""
    found = _REFERENCE.fullmatch(text)
    return (found["file"], found["sheet"] or None, int(found["line"])) if found else None


def as_data(line: TracedLine) -> dict[str, object]:
    """A line as data of plain kinds: nothing in it is personal."""
    archived = line.archived
    return {
        "place": _placed(line.place),
        "fate": line.fate.value,
        "instead": _placed(line.other) if line.other else None,
        "changed": list(line.changed),
        "file": {name: line.account.get(name) for name in _OF_FILE},
        "archive": line.archive.value,
        "let_go": (
            {"at": line.let_go.let_go_at.isoformat(), "rule": line.let_go.rule}
            if line.let_go
            else None
        ),
        "is_row": archived.is_row if archived else None,
        "is_forgotten": archived.is_forgotten if archived else None,
        "values": [
            {"heading": value.heading, "column": value.column, "text": value.text}
            for value in (archived.values if archived else ())
        ],
        "refused": {n: line.refused.get(n) for n in _OF_REFUSED} if line.refused else None,
        "made": [{"table": made.table, "key": made.key} for made in line.made],
        "has_release": line.has_release,
    }


def _placed(place: Place) -> dict[str, object]:
    return {
        "reference": reference(place),
        "file_id": place.file_id,
        "file": place.file_name,
        "sheet": place.sheet,
        "line": place.line,
    }
