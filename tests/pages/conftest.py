"""The pages over the release of the small sample, asked without a network, and what is on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import duckdb
import pytest
from starlette.testclient import TestClient

from pages.app import create_app
from pipelines.settings import Settings
from tests.flow.conftest import Released, figures, released

__all__ = ["figures", "released"]


@dataclass
class Drawn:
    """A table of a page: its columns, and its rows as they can be read."""

    table: str
    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


class PageReader(HTMLParser):
    """Reads a page: tables by `data-listing`, figures by column, the text, every link."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables: dict[str, Drawn] = {}
        self.figures: dict[str, str] = {}
        self.links: list[str] = []
        self.ids: dict[str, str] = {}
        self._table: Drawn | None = None
        self._cell: str | None = None
        self._figure: str | None = None
        self._id: str | None = None
        self._term = self._head = False
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if "id" in given and tag in ("strong", "code"):
            self._id = given["id"]
            self.ids[self._id] = ""
        if tag == "table" and "data-listing" in given:
            self._table = self.tables.setdefault(given["data-listing"], Drawn(given["data-table"]))
        elif tag == "thead":
            self._head = True
        elif tag == "tr" and self._table is not None and not self._head:
            self._table.rows.append([])
        elif tag == "th" and self._head and self._table is not None:
            name = given.get("data-column") or f"level:{given.get('data-level', '')}"
            self._table.columns.append(name)
        elif tag in ("td", "th") and self._table is not None:
            self._cell = ""
        elif tag == "div" and "data-column" in given:
            self._figure = given["data-column"]
            self.figures[self._figure] = ""
        elif tag == "dt":
            self._term = True
        if tag == "data":  # what the table holds, not what was rounded for people
            self._add(f"<{given['value']}>")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._table = None
        elif tag == "thead":
            self._head = False
        elif tag in ("td", "th") and self._cell is not None and self._table is not None:
            self._table.rows[-1].append(" ".join(self._cell.split()))
            self._cell = None
        elif tag == "dt":
            self._term = False
        elif tag == "dd":
            self._figure = None
        elif tag in ("strong", "code"):
            self._id = None

    def handle_data(self, data: str) -> None:
        self._add(data)

    def _add(self, text: str) -> None:
        self.text += text
        if self._cell is not None:
            self._cell += text
        if self._figure is not None and not self._term:
            self.figures[self._figure] += text.strip()
        if self._id is not None:
            self.ids[self._id] += text.strip()


@pytest.fixture(scope="session")
def some(released: Callable[[str], Released]) -> Settings:
    """The warehouse of the small sample with some faults. Nobody writes into it."""
    return released("some").settings


@pytest.fixture(scope="session")
def mart(some: Settings) -> Iterator[Callable[..., list[dict[str, Any]]]]:
    """Asks the published file, as an analyst would, beside the pages."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"ATTACH '{some.published}' AS release (READ_ONLY); USE release")

        def ask(sql: str, *values: object) -> list[dict[str, Any]]:
            cursor = connection.execute(sql, list(values))
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

        yield ask


@pytest.fixture(scope="session")
def client(some: Settings) -> Iterator[TestClient]:
    """A reader of the pages."""
    with TestClient(create_app(some), base_url="http://127.0.0.1") as reader:
        yield reader


@pytest.fixture(scope="session")
def page(client: TestClient) -> Callable[[str], PageReader]:
    """A page as it can be read; it must be there."""

    def get(path: str) -> PageReader:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[-800:])
        return PageReader(answer.text)

    return get
