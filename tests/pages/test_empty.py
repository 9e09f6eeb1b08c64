"""Every page on a release that has all tables and no rows: each says why it is empty."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
from starlette.testclient import TestClient

from pages.app import create_app
from pages.listings.declared import names
from pages.views.sections import SECTIONS
from pipelines.publishing.releases import Release, write_releases
from pipelines.settings import load_settings
from pipelines.tables.ddl import create
from pipelines.tables.registry import OPS
from tests.quality.tiny import contracts

RELEASE = Release("20240805T000000-00000000", datetime(2024, 8, 5), date(2024, 8, 4), "0" * 32,
                  0, 0, 0, None, 1)  # fmt: skip # one call


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Its pages. The tables are made from the models' own contracts: a renamed column shows."""
    folder: Path = tmp_path_factory.mktemp("empty")
    with duckdb.connect(str(folder / "juandi.duckdb")) as release:
        release.execute("CREATE SCHEMA star; CREATE SCHEMA marts; CREATE SCHEMA ops")
        for table, columns in contracts().items():
            declared = ", ".join(f'"{name}" {kind}' for name, kind, _ in columns)
            release.execute(f"CREATE TABLE {table} ({declared})")
        for name in OPS:
            release.execute(create(name, None))
        write_releases(release, [RELEASE])
    with TestClient(create_app(load_settings(folder, env={})), base_url="http://127.0.0.1") as c:
        yield c


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "path", ["/", "/reviews", "/gaps", "/search?q=x", "/tables", *(f"/{name}" for name in SECTIONS)]
)
def test_a_page_says_why_it_is_empty(path: str, language: str, empty: TestClient) -> None:
    empty.cookies.set("juandi_language", language)
    answer = empty.get(path)
    empty.cookies.clear()
    assert answer.status_code == 200
    assert RELEASE.release_id in answer.text
    assert 'class="empty"' in answer.text or path == "/tables"


@pytest.mark.parametrize("name", [n for n in names() if n != "releases"])
def test_a_listing_without_rows(name: str, empty: TestClient) -> None:
    """As a page, as files, as an answer to a program; its columns are those of the contract."""
    answer = empty.get(f"/tables/{name}")
    assert answer.status_code == 200
    assert 'class="empty"' in answer.text
    assert "本次发布没有表" not in answer.text
    for ending in ("csv", "xlsx"):
        assert empty.get(f"/export/{name}.{ending}").status_code == 200
    found = empty.get(f"/api/v1/tables/{name}").json()
    assert (found["total"], found["rows"]) == (0, [])
    assert empty.get(f"/api/v1/tables/{name}.parquet").status_code == 200
