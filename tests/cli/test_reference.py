"""The page of sources says what the contracts say."""

from pipelines.cli.reference import page
from pipelines.settings import PROJECT_ROOT
from pipelines.sources import SOURCES


def test_the_page_is_up_to_date() -> None:
    """`make docs` writes it anew."""
    written = (PROJECT_ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    assert written == page(), "docs/sources.md is out of date: make docs"


def test_every_column_and_heading_is_there() -> None:
    """Whoever exports a source finds each heading that is accepted."""
    text = page()
    for source in SOURCES.values():
        section = text.split(f"## {source.name}\n")[1].split("\n## ")[0]
        for column in source.columns:
            assert f"| `{column.name}` |" in section
            assert all(heading in section for heading in column.accepted)
