"""The docs' site: dead links end its build, and nothing of it comes from elsewhere."""

import subprocess
from pathlib import Path

import pytest

from tools import docs_site


def test_the_site_stands_by_itself(tmp_path: Path) -> None:
    """README in both languages, the docs and the zones, each page once."""
    docs_site.build(tmp_path / "site", tmp_path / "work")
    made = {p.relative_to(tmp_path / "site").as_posix() for p in tmp_path.rglob("site/**/*.html")}
    assert {"index.html", "README.zh-CN.html", "docs/index.html", "warehouse/index.html"} <= made
    pages = {p for p in made if p.startswith("docs/decisions/")}
    written = list((docs_site.ROOT / "docs" / "decisions").glob("*.md"))
    assert len(pages) == len(written)
    assert 'href="README.zh-CN.html"' in (tmp_path / "site" / "index.html").read_text("utf-8")


def test_every_decision_is_listed() -> None:
    """In their table of contents."""
    folder = docs_site.ROOT / "docs" / "decisions"
    listed = (folder / "README.md").read_text(encoding="utf-8")
    missing = [p.name for p in folder.glob("*.md") if f"]({p.name})" not in listed]
    assert missing == ["README.md"]


def test_a_dead_link_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """… and no site is left behind."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text("# A\n\n[gone](docs/gone.md)\n", encoding="utf-8")
    settings = (docs_site.ROOT / "docs" / "mkdocs.yml").read_text(encoding="utf-8")
    (tmp_path / "docs" / "mkdocs.yml").write_text(settings, encoding="utf-8")
    monkeypatch.setattr(docs_site, "ROOT", tmp_path)
    monkeypatch.setattr(docs_site, "PAGES", ("README.md", "docs"))
    with pytest.raises(subprocess.CalledProcessError):
        docs_site.build(tmp_path / "site", tmp_path / "work")
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    "page",
    [
        '<script src="https://unpkg.com/x.js">',
        '<link rel="stylesheet" href="//fonts.example/css">',
        "@font-face { src: url(https://fonts.example/a.woff2) }",
    ],
)
def test_what_a_browser_would_fetch_is_noticed(page: str) -> None:
    """A link that somebody follows is not: `<a href="https://…">`."""
    assert docs_site._FETCHED.search(page)
    assert not docs_site._FETCHED.search('<a href="https://duckdb.org">')
