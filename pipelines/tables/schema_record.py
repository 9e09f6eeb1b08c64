"""Every published column under the present version, kept so that none is taken away unnoticed.

`make generate` adds what is new. Where a column is gone or has another type it ends with an error
until `SCHEMA_VERSION` is raised; then the record begins anew. That a column means something else
nobody but its author can see.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.dictionary import TYPES
from pipelines.settings import PROJECT_ROOT
from pipelines.tables.registry import MODELS, OPS
from pipelines.tables.version import SCHEMA_VERSION

RECORD = PROJECT_ROOT / "pipelines" / "tables" / "schema_record.tsv"
_HEAD = "schema version\t{}"


def schema_record(file: Path = RECORD) -> str:
    """The record's text. Raises ValueError where the version has to be raised first."""
    now = {
        f"{table.id}.{column.name}": TYPES[column.kind].release
        for table in (*MODELS.values(), *OPS.values())
        for column in table.columns
    }
    before = _read(file)
    lost = sorted(name for name, kind in before.items() if now.get(name) != kind)
    if lost:
        raise ValueError(
            f"published columns are gone or of another type: {', '.join(lost)}; raise"
            " SCHEMA_VERSION in pipelines/tables/version.py and say there what changed"
        )
    lines = [f"{name}\t{kind}" for name, kind in sorted(now.items())]
    return "\n".join([_HEAD.format(SCHEMA_VERSION), *lines]) + "\n"


def _read(file: Path) -> dict[str, str]:
    """Column → type as recorded under the present version; nothing under another."""
    if not file.is_file():
        return {}
    head, *lines = file.read_text("utf-8").splitlines()
    if head != _HEAD.format(SCHEMA_VERSION):
        return {}
    pairs = (line.partition("\t") for line in lines)
    return {name: kind for name, _, kind in pairs}
