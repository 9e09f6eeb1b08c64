"""The lake knows which code read it: all that decides what a row becomes is in its version."""

import ast
from pathlib import Path

from pipelines.settings import PROJECT_ROOT
from pipelines.stages.store.zones import _READING_CODE


def _imported(module: Path) -> set[str]:
    """The stages that a module imports, as files of the project."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    names = set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names |= {node.module or "", *(f"{node.module}.{n.name}" for n in node.names)}
        elif isinstance(node, ast.Import):
            names |= {n.name for n in node.names}
    files = {f"{n.replace('.', '/')}.py" for n in names if n.startswith("pipelines.stages.")}
    return {file for file in files if (PROJECT_ROOT / file).is_file()}


def test_what_cleaning_a_row_rests_on_is_part_of_the_version() -> None:
    found, due = set[str](), ["pipelines/stages/load/rows.py"]
    while due:
        file = due.pop()
        if file not in found:
            found.add(file)
            due += _imported(PROJECT_ROOT / file)
    assert len(found) > 3
    assert found <= set(_READING_CODE)
