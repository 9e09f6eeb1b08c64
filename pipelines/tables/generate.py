"""`make generate`: writes whatever follows from the declarations.

    python -m pipelines.tables.generate

What a file holds is the business of the module that makes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipelines.metrics.page import metrics_page
from pipelines.settings import DBT_PROJECT, PROJECT_ROOT
from pipelines.tables.macros_sql import macros_file
from pipelines.tables.models_yml import FILE, model_files
from pipelines.tables.pages import dictionary_page, matrix_page
from pipelines.tables.registers_sql import FOLDER, register_files
from pipelines.tables.schema_record import RECORD, schema_record
from pipelines.tables.sources_yml import sources_file

MODELS_FOLDER = DBT_PROJECT / "models"


def generated() -> Mapping[Path, str]:
    """Path → text of every generated file. Raises ValueError where SQL and tables differ, and
    where a published column went without another `SCHEMA_VERSION`."""
    registers = dict(register_files(MODELS_FOLDER))
    return {
        **registers,
        **dict(model_files(MODELS_FOLDER, registers)),
        MODELS_FOLDER / "sources.yml": sources_file(),
        DBT_PROJECT / "macros" / "_generated.sql": macros_file(),
        PROJECT_ROOT / "docs" / "dictionary.md": dictionary_page(),
        PROJECT_ROOT / "docs" / "bus-matrix.md": matrix_page(),
        PROJECT_ROOT / "docs" / "metrics.md": metrics_page(),
        RECORD: schema_record(),
    }


def stale() -> list[Path]:
    """Generated files that are not what the declarations say, and those that none asks for."""
    files = generated()
    differing = [p for p, text in files.items() if not p.is_file() or p.read_text("utf-8") != text]
    own = [*MODELS_FOLDER.rglob(FILE), *(MODELS_FOLDER / FOLDER).glob("*.sql")]
    return differing + [path for path in own if path not in files]


def write() -> list[Path]:
    """Writes what is stale and removes what nothing asks for; returns the paths."""
    files, changed = generated(), stale()
    for path in changed:
        if path in files:
            path.parent.mkdir(exist_ok=True)
            path.write_text(files[path], encoding="utf-8")
        else:
            path.unlink()
    return changed


if __name__ == "__main__":
    for changed_file in write():
        print(changed_file.relative_to(PROJECT_ROOT))
