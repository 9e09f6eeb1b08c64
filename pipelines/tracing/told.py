"""A line as plain data, for `--json` and the API."""

from __future__ import annotations

from pipelines.tracing.decided import Restated
from pipelines.tracing.lines import Place, TracedLine
from pipelines.tracing.references import reference_of

_OF_FILE = (
    "source", "status", "reason", "partition", "received_at", "sha256", "encoding", "dialect",
)  # fmt: skip # a list
_OF_REFUSED = (
    "quarantine_id", "rule_ids", "reasons_zh", "reasons_en", "state", "state_reason", "decided_by",
    "decided_at",
)  # fmt: skip # a list
_OF_CORRECTION = (
    "corrected_columns", "state", "state_reason", "decided_by", "decided_at", "handed_in",
)  # fmt: skip # a list


def reference(place: Place) -> str:
    """`file id:sheet:line`, as `ops.quarantine` has it."""
    return reference_of(place.file_id, place.sheet, place.line)


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
        "corrected": (
            {n: line.correction.get(n) for n in _OF_CORRECTION} if line.correction else None
        ),
        "restated": [_restated(one) for one in line.restated],
        "made": [{"table": made.table, "key": made.key} for made in line.made],
        "has_release": line.has_release,
    }


def _restated(one: Restated) -> dict[str, object]:
    return {
        "change": one.change,
        "changed_columns": list(one.changed),
        "is_now": one.is_now,
        "old_amount_cny": one.old_cny,
        "new_amount_cny": one.new_cny,
        "received_at": one.received_at,
        "other": reference_of(one.other_file, one.other_sheet, one.other_line)
        if one.other_line is not None
        else None,
    }


def _placed(place: Place) -> dict[str, object]:
    return {
        "reference": reference(place),
        "file_id": place.file_id,
        "file": place.file_name,
        "sheet": place.sheet,
        "line": place.line,
    }
