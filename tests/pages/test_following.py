"""A new release is read from the next request on, and no page holds two of them."""

from __future__ import annotations

import re
import shutil
import socket
import threading
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from pages.app import create_app
from pages.data import Busy, Limits, NoRelease, Releases, TooSlow
from pages.serve import serve
from pipelines.cli.main import app
from pipelines.publishing.releases import Release, write_releases
from pipelines.publishing.switching import rollback
from pipelines.settings import Settings, load_settings

#: Takes many minutes, and little memory.
ENDLESS = "SELECT sum(a.range * b.range) FROM range(3000000) a, range(3000000) b"
Make = Callable[[Path, int], Settings]


def make(folder: Path, number: int) -> Path:
    """A release, kept: its number is in every table that the gaps page reads."""
    release_id = f"20240805T0{number:05}-{number:08x}"
    kept = folder / "releases" / f"{release_id}.duckdb"
    kept.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(kept)) as release:
        release.execute(f"""
            CREATE SCHEMA ops; CREATE SCHEMA marts; CREATE SCHEMA star;
            CREATE TABLE marts.audit_completeness AS SELECT 'chain{number}' AS chain_id;
            CREATE TABLE marts.audit_gaps AS SELECT 'chain{number}' AS chain_id,
                's{number}' AS subject_id, 1::INTEGER AS level_no, 'late' AS gap_type,
                'warning' AS severity, '' AS detail_zh, '' AS detail_en,
                'BODY{number}' AS responsible_uscc, 'body{number}' AS responsible_name,
                TIMESTAMP '2024-08-01' AS opened_at, {number}::INTEGER AS days_open,
                DATE '2024-08-05' AS as_of""")
        write_releases(release, [Release(release_id, datetime(2024, 8, 5), date(2024, 8, 4),
            f"{number:032x}", 2, 1, 0, None, number)])  # fmt: skip # one call
    return kept


def publish(settings: Settings, kept: Path) -> None:
    """As a refresh does it: a copy, then one rename."""
    copy = settings.warehouse / f".{kept.name}"
    shutil.copyfile(kept, copy)
    copy.replace(settings.published)


def numbers_on(text: str) -> set[str]:
    """The releases that a page speaks of: in its footer, its rows and its choices."""
    found = re.findall(r"20240805T0(\d{5})-", text)
    found += re.findall(r"(?:chain|BODY|body)(\d+)", text)
    return {str(int(number)) for number in found}


@pytest.fixture
def warehouse(tmp_path: Path) -> Settings:
    return load_settings(tmp_path / "warehouse", env={})


def test_from_nothing_to_the_third_release(warehouse: Settings) -> None:
    """One process sees the first, the next and the one that was rolled back to."""
    with TestClient(create_app(warehouse), base_url="http://127.0.0.1") as client:
        answer = client.get("/gaps")
        assert answer.status_code == 503
        assert "juandi refresh" in answer.text
        kept = [make(warehouse.warehouse, number) for number in (1, 2)]
        for number, file in enumerate(kept, 1):
            publish(warehouse, file)
            answer = client.get("/gaps")
            assert answer.status_code == 200
            assert numbers_on(answer.text) == {str(number)}
        rollback(warehouse, kept[0].stem)
        assert numbers_on(client.get("/gaps").text) == {"1"}
        warehouse.published.unlink()
        assert client.get("/gaps").status_code == 503


def test_who_reads_an_older_release_is_told(warehouse: Settings) -> None:
    """Since when, by whom and why; not "unchanged" to a browser that saw it as the newest."""
    first = make(warehouse.warehouse, 1)
    publish(warehouse, first)
    with TestClient(create_app(warehouse), base_url="http://127.0.0.1") as client:
        before = client.get("/gaps")
        assert 'id="older"' not in before.text
        publish(warehouse, make(warehouse.warehouse, 2))
        assert 'id="older"' not in client.get("/gaps").text
        rollback(warehouse, first.stem, by="li", reason="<b>twice</b>")
        tag = {"If-None-Match": before.headers["ETag"]}
        told = client.get("/gaps", headers=tag)
        assert told.status_code == 200
        assert 'id="older"' in told.text
        assert "由 li 切换" in told.text
        assert "&lt;b&gt;twice" in told.text
        assert (
            client.get("/gaps", headers={"If-None-Match": told.headers["ETag"]}).status_code == 304
        )


def test_a_request_keeps_the_release_it_began_with(warehouse: Settings) -> None:
    """… though another is published meanwhile, and its own file is deleted."""
    first, second = (make(warehouse.warehouse, number) for number in (1, 2))
    publish(warehouse, first)
    releases = Releases(warehouse)
    sql = "SELECT responsible_uscc FROM marts.audit_gaps"
    with releases.reader() as old:
        publish(warehouse, second)
        first.unlink()
        with releases.reader() as new:
            assert (old.value(sql), new.value(sql)) == ("BODY1", "BODY2")
        assert old.value(sql) == "BODY1"
    with releases.reader() as reader:
        assert reader.release.number == 2
    releases.close()


def test_no_page_mixes_releases(warehouse: Settings) -> None:
    """Six readers while releases are published one after the other."""
    kept = [make(warehouse.warehouse, number) for number in range(1, 9)]
    publish(warehouse, kept[0])
    seen: list[set[str]] = []
    troubles: list[object] = []
    done = threading.Event()
    with TestClient(create_app(warehouse), base_url="http://127.0.0.1") as client:

        def read() -> None:
            while not done.is_set():
                answer = client.get("/gaps")
                if answer.status_code != 200:
                    troubles.append(answer.text)
                seen.append(numbers_on(answer.text))

        readers = [threading.Thread(target=read) for _ in range(6)]
        for reader in readers:
            reader.start()
        for file in kept[1:]:
            time.sleep(0.25)
            publish(warehouse, file)
        time.sleep(0.25)
        done.set()
        for reader in readers:
            reader.join(60)
    assert troubles == []
    assert {len(numbers) for numbers in seen} == {1}
    assert len({min(numbers) for numbers in seen}) > 3


def test_an_answer_is_good_until_the_next_release(warehouse: Settings) -> None:
    """The browser is told so without a page, by language and by release."""
    first, second = (make(warehouse.warehouse, number) for number in (1, 2))
    publish(warehouse, first)
    with TestClient(create_app(warehouse), base_url="http://127.0.0.1") as client:
        answer = client.get("/gaps")
        tag = {"If-None-Match": answer.headers["etag"]}
        assert first.stem in tag["If-None-Match"]
        assert answer.headers["cache-control"] == "private, no-cache"
        assert "Cookie" in answer.headers["vary"]
        again = client.get("/gaps", headers=tag)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag["If-None-Match"]
        client.get("/language/en", follow_redirects=False)
        other = client.get("/gaps", headers=tag)
        assert other.status_code == 200
        assert 'lang="en"' in other.text
        client.cookies.clear()
        publish(warehouse, second)
        assert client.get("/gaps", headers=tag).status_code == 200


def test_a_query_without_end_is_stopped(warehouse: Settings) -> None:
    """In time, and the next request has a connection that works."""
    publish(warehouse, make(warehouse.warehouse, 1))
    releases = Releases(warehouse, Limits(seconds=0.5, connections=1))
    began = time.monotonic()
    with releases.reader() as reader, pytest.raises(TooSlow):
        reader.rows(ENDLESS)
    assert time.monotonic() - began < 30
    with releases.reader() as reader:
        assert reader.value("SELECT 1") == 1
    releases.close()


def test_too_many_at_once_are_told_so(warehouse: Settings) -> None:
    """Who waits longer than a request may take."""
    publish(warehouse, make(warehouse.warehouse, 1))
    releases = Releases(warehouse, Limits(seconds=0.2, connections=1))
    with releases.reader(), pytest.raises(Busy), releases.reader():
        pass
    releases.close()


@pytest.mark.parametrize("trouble", [TooSlow("x"), Busy("x")])
def test_both_are_pages(
    trouble: Exception, warehouse: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a status that says what happened."""
    publish(warehouse, make(warehouse.warehouse, 1))

    def fail(*_: object) -> None:
        raise trouble

    monkeypatch.setattr("pages.queries.bodies.bodies", fail)
    with TestClient(create_app(warehouse), base_url="http://127.0.0.1") as client:
        answer = client.get("/gaps")
    assert answer.status_code == (504 if isinstance(trouble, TooSlow) else 503)
    assert answer.headers["cache-control"] == "no-store"


def test_a_file_that_is_no_release(warehouse: Settings) -> None:
    """It is refused in words, and what comes after it is read."""
    warehouse.warehouse.mkdir(parents=True)
    warehouse.published.write_bytes(b"no database")
    releases = Releases(warehouse)
    with pytest.raises(NoRelease), releases.reader():
        pass
    publish(warehouse, make(warehouse.warehouse, 1))
    with releases.reader() as reader:
        assert reader.release.number == 1
    releases.close()


def test_tables_that_the_release_lacks_are_said_to_be_absent(warehouse: Settings) -> None:
    """Made by older code: an empty state that says why, no error."""
    publish(warehouse, make(warehouse.warehouse, 1))
    with TestClient(create_app(warehouse), base_url="http://127.0.0.1") as client:
        for path in ("/giving", "/tables/flags", "/organizations"):
            answer = client.get(path)
            assert answer.status_code == 200
            assert "本次发布没有表" in answer.text
        assert client.get("/export/flags.csv").status_code == 200
        answer = client.get("/reviews")  # it needs tables that this release has none of
        assert answer.status_code == 503
        assert "由较旧的代码作成" in answer.text
        assert client.get("/gaps").status_code == 200


def test_a_port_in_use_is_told(warehouse: Settings) -> None:
    """In a sentence, before anything is served."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            serve(warehouse, "127.0.0.1", port, 1)
        done = CliRunner().invoke(app, ["serve", "--port", str(port)])
    assert done.exit_code != 0
    assert f"127.0.0.1:{port}" in str(done.exception)
