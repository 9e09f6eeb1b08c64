"""The lake knows which code read it: all that decides what a row becomes is in its version."""

import ast
from pathlib import Path

from pipelines.settings import PROJECT_ROOT
from pipelines.stages.zones import _READING_CODE


def _imported(module: Path) -> set[str]:
    """The stages that a module imports, as files of the project."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    names = {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    return {
        f"{name.replace('.', '/')}.py" for name in names if name.startswith("pipelines.stages.")
    }


def test_what_cleaning_a_row_rests_on_is_part_of_the_version() -> None:
    found, due = set[str](), ["pipelines/stages/rows.py"]
    while due:
        file = due.pop()
        if file not in found:
            found.add(file)
            due += _imported(PROJECT_ROOT / file)
    assert len(found) > 3
    assert found <= set(_READING_CODE)
