"""Law 11: imports run one way, and what lies below the definitions knows nothing of Dagster.

Every import statement of `pipelines/` is read, those inside functions included.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "pipelines"
#: The generator of samples and the pages: packages beside it, and parts like its folders.
BESIDE = {name: ROOT / name for name in ("sample", "pages")}

#: What each part may import of the project besides itself. From the outside in.
MAY_IMPORT = {
    "cli": {
        *("definitions", "stages", "sample", "pages", "reading", "quality", "publishing"),
        *("tables", "metrics", "sources", "dictionary", "cleaning", "settings", "tracing", "logs"),
        "libraries",
    },
    "pages": {"tracing", "publishing", "tables", "dictionary", "settings", "logs"},
    "tracing": {"stages", "reading", "tables", "sources", "dictionary", "cleaning", "settings"},
    "definitions": {
        *("stages", "sample", "reading", "quality", "publishing", "tables", "sources"),
        *("dictionary", "cleaning", "settings", "logs"),
    },
    "stages": {
        *("reading", "quality", "publishing", "tables", "sources", "dictionary", "cleaning"),
        *("settings", "libraries"),
    },
    "sample": {"reading", "sources", "quality", "publishing", "cleaning", "settings"},
    "reading": {"sources", "quality", "publishing", "cleaning", "settings"},
    "quality": {"tables", "dictionary", "cleaning", "settings"},
    "publishing": {"tables", "dictionary", "cleaning", "settings"},
    "tables": {"metrics", "sources", "dictionary", "cleaning", "settings"},
    "metrics": {"dictionary", "settings"},
    "sources": {"dictionary", "cleaning", "settings"},
    "cleaning": {"settings"},
    "dictionary": set(),
    "logs": {"settings"},
    "settings": set(),
    "libraries": set(),
}
#: Tools that only some parts may know: everything below them stays usable without.
ONLY_IN = {
    "dagster": {"definitions", "cli"},
    "dagster_dbt": {"definitions"},
    "dbt": {"definitions", "stages", "quality"},
    "great_expectations": {"quality"},
    "metricflow": {"metrics"},
    "metricflow_semantics": {"metrics"},
    "typer": {"cli"},
    "fastapi": {"pages"},
    "starlette": {"pages"},
    "uvicorn": {"pages"},
    "altair": {"pages"},
    "rich": {"cli"},
    "authlib": {"pages"},
    "joserfc": {"pages"},
    "httpx2": {"pages", "stages"},  # logging in, and pulling
}


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """(line, dotted module) of every import of a file, relative ones made absolute."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            # `from pipelines import x` names the part only after the import
            if module == "pipelines":
                yield from ((node.lineno, f"pipelines.{name.name}") for name in node.names)
            else:
                yield node.lineno, module


def part_of(path: Path) -> str:
    """The part a file belongs to: its folder, or itself beside the folders."""
    for name, folder in BESIDE.items():
        if path.is_relative_to(folder):
            return name
    inner = path.relative_to(PACKAGE).parts
    return inner[0].removesuffix(".py")


FILES = sorted(
    path
    for folder in (PACKAGE, *BESIDE.values())
    for path in folder.rglob("*.py")
    if path != PACKAGE / "__init__.py"
)


def broken(path: Path) -> list[str]:
    """What a file imports against the law."""
    part, found = part_of(path), []
    for line, module in imports_of(path):
        names = module.split(".")
        wanted = names[0] if names[0] in BESIDE else ".".join(names[1:2])
        if names[0] in {"pipelines", *BESIDE} and wanted:
            if wanted not in {part, "__version__"} and wanted not in MAY_IMPORT[part]:
                found.append(f"{path.relative_to(ROOT)}:{line}: {part} imports {wanted}")
        elif names[0] in ONLY_IN and part not in ONLY_IN[names[0]]:
            found.append(f"{path.relative_to(ROOT)}:{line}: {part} imports {names[0]}")
    return found


def test_every_part_is_known() -> None:
    """A new folder needs its place in the order."""
    assert {part_of(path) for path in FILES} <= set(MAY_IMPORT)


def test_the_order_has_no_cycle() -> None:
    """Whatever a part may import may not import it."""
    for part, below in MAY_IMPORT.items():
        assert not [other for other in below if part in MAY_IMPORT[other]]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_imports_run_one_way(path: Path) -> None:
    """No file imports upwards."""
    assert broken(path) == []


def test_an_import_upwards_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check itself: absolute, relative, package-wide and hidden imports are all seen."""
    folder = tmp_path / "pipelines" / "cleaning"
    folder.mkdir(parents=True)
    bad = folder / "bad.py"
    bad.write_text(
        "from pipelines.stages import load\nfrom pipelines import stages\n"
        "from ..definitions import lake\nimport sample.draw\ndef f():\n    import dagster\n"
    )
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    monkeypatch.setattr(f"{__name__}.PACKAGE", tmp_path / "pipelines")
    assert [line.split(": ")[1] for line in broken(bad)] == [
        "cleaning imports stages",
        "cleaning imports stages",
        "cleaning imports definitions",
        "cleaning imports sample",
        "cleaning imports dagster",
    ]
