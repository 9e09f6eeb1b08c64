"""Code shown in the docs is the code as it stands."""

import re
from pathlib import Path

import pytest

from pipelines.settings import PROJECT_ROOT

EXCERPT = re.compile(r"<!-- from (?P<path>\S+) -->\n```\w*\n(?P<code>.*?)\n```", re.DOTALL)
PAGES = sorted((PROJECT_ROOT / "docs").rglob("*.md"))
SHOWN = [(page, found) for page in PAGES for found in EXCERPT.finditer(page.read_text("utf-8"))]


def test_there_are_excerpts() -> None:
    """The page that tells how to add a source shows all three of its files."""
    shown = {found["path"] for page, found in SHOWN if page.name == "add-a-source.md"}
    assert {Path(path).suffix for path in shown} == {".py", ".yml", ".sql"}


@pytest.mark.parametrize(
    ("page", "found"), SHOWN, ids=[f"{p.stem}-{n}" for n, (p, _) in enumerate(SHOWN)]
)
def test_an_excerpt_is_in_its_file(page: Path, found: re.Match[str]) -> None:
    """Word for word: a page that shows older code misleads."""
    source = (PROJECT_ROOT / found["path"]).read_text(encoding="utf-8")
    assert found["code"] in source, f"{page.name} shows older code of {found['path']}"
