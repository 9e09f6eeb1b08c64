"""Publishing: only what is audited, whole or not at all, and the kept releases behind it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.publishing.content import content_hash
from pipelines.publishing.recovering import recover
from pipelines.publishing.releases import (
    UnknownRelease,
    list_releases,
    newest_release,
    previous_file,
    published_release,
    read_release,
)
from pipelines.publishing.switching import rollback
from pipelines.settings import Settings
from pipelines.stages.gate.gate import GateReport
from pipelines.stages.publish.publish import NotPublished, publish
from tests.publishing.builds import make_build, passing, published_number, verdict
from tests.publishing.conftest import Publish

ANALYST = """
import duckdb, sys
with duckdb.connect(sys.argv[1]) as connection:
    connection.execute("UPDATE star.fact_donation SET n = 99")
    print("open", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def _analyst(settings: Settings) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the published file open for writing, and has written."""
    with subprocess.Popen(
        [sys.executable, "-c", ANALYST, str(settings.published)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as analyst:
        assert analyst.stdout is not None
        assert analyst.stdout.readline() == "open\n"
        try:
            yield analyst
        finally:
            analyst.communicate("\n")


def test_a_release_says_what_it_is(settings: Settings, publish_number: Publish) -> None:
    """In the file itself; the build is consumed."""
    release = publish_number(1)
    assert published_release(settings) == release
    assert list_releases(settings) == [release]
    assert (release.rows, release.gates_passed, release.warnings) == (10, 1, 1)
    assert release.inputs_hash == "inputs1"
    assert release.release_id.endswith(release.content_hash[:8])
    assert published_number(settings) == 1
    assert not settings.release_db.exists()
    with duckdb.connect(str(settings.published), read_only=True) as connection:
        comments = connection.execute(
            "SELECT comment FROM duckdb_columns() WHERE table_name IN ('releases', 'gate_results')"
        ).fetchall()
    assert all(comment and "/" in comment for (comment,) in comments)


@pytest.mark.parametrize(
    "report",
    [
        GateReport((verdict("fail"),)),
        GateReport((verdict(), verdict("error", "warning"))),
        GateReport(()),
    ],
)
def test_what_the_gates_block_stays_private(
    settings: Settings, publish_number: Publish, report: GateReport
) -> None:
    """A critical fail, an error of whatever severity, and no verdict at all."""
    publish_number(1)
    build = make_build(settings, 2)
    with pytest.raises(NotPublished):
        publish(settings, build, report)
    assert published_number(settings) == 1


def test_the_build_must_carry_its_own_verdicts(settings: Settings, publish_number: Publish) -> None:
    """A passing report does not help a build that was not gated, or gated in another run."""
    publish_number(1)
    with pytest.raises(NotPublished, match="not gated"):
        publish(settings, make_build(settings, 2, gated=False), passing())
    build = make_build(settings, 2)
    with duckdb.connect(str(settings.release_db)) as connection:
        connection.execute("UPDATE ops.gate_results SET run_id = 'another'")
    with pytest.raises(NotPublished, match="not gated"):
        publish(settings, build, passing())
    build = make_build(settings, 2)
    with duckdb.connect(str(settings.release_db)) as connection:
        connection.execute("UPDATE ops.gate_results SET status = 'error'")
    with pytest.raises(NotPublished, match="2 checks block"):
        publish(settings, build, passing())
    assert published_number(settings) == 1


def test_a_file_without_its_star_is_no_release(settings: Settings, publish_number: Publish) -> None:
    """Whatever the gates said."""
    publish_number(1)
    build = make_build(settings, 2)
    with duckdb.connect(str(settings.release_db)) as connection:
        connection.execute("DROP TABLE star.dim_project")
    with pytest.raises(NotPublished, match=r"star\.dim_project"):
        publish(settings, build, passing())
    assert published_number(settings) == 1


def test_a_reader_keeps_its_release(settings: Settings, publish_number: Publish) -> None:
    """A connection opened before a publish reads on from the release it opened."""
    publish_number(1)
    with duckdb.connect(str(settings.published), read_only=True) as reader:
        publish_number(2)
        assert reader.execute("SELECT max(n) FROM star.fact_donation").fetchone() == (1,)
    assert published_number(settings) == 2


def test_a_writer_on_the_published_file_does_not_touch_the_kept_one(
    settings: Settings, publish_number: Publish
) -> None:
    """An analyst's tool that opens for writing by default spoils its own copy at most."""
    release = publish_number(1)
    with _analyst(settings):
        assert published_release(settings) == release
        kept = previous_file(settings)
        assert kept == settings.releases / f"{release.release_id}.duckdb"
        assert read_release(kept) == release
        publish_number(2)
        assert published_number(settings) == 2
    assert published_number(settings) == 2
    rollback(settings, release.release_id)
    assert published_number(settings) == 1


def test_what_a_killed_tool_leaves_beside_the_file_locks_nobody_out(
    settings: Settings, publish_number: Publish
) -> None:
    """A log of writes that belong to another file is deleted, by a publish and by recovery."""
    publish_number(1)
    log = settings.published.with_name("juandi.duckdb.wal")
    with _analyst(settings) as analyst:
        analyst.kill()
    stale = log.read_bytes()
    assert stale
    publish_number(2)
    assert published_number(settings) == 2
    log.write_bytes(stale)
    with pytest.raises(duckdb.IOException, match="WAL"):
        published_number(settings)
    recover(settings)
    assert published_number(settings) == 2


def test_retention_and_rollback(
    settings: Settings, publish_number: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three are kept; an old one comes back whole; the published one is never deleted."""
    releases = [publish_number(number) for number in (1, 2, 3, 4)]
    assert [r.release_id for r in list_releases(settings)] == [
        r.release_id for r in reversed(releases[1:])
    ]
    with pytest.raises(UnknownRelease, match=releases[3].release_id):
        rollback(settings, releases[0].release_id)
    assert rollback(settings, releases[1].release_id) == releases[1]
    assert published_number(settings) == 2
    assert published_release(settings) == releases[1]
    assert len(list_releases(settings)) == 3
    # what was rolled back is still the release made last: the same inputs do not bring it back
    assert newest_release(settings) == releases[3]
    fifth = publish_number(5)
    assert published_number(settings) == 5
    with duckdb.connect(str(settings.published), read_only=True) as connection:
        history = connection.execute(
            "SELECT release_id FROM ops.releases ORDER BY published_at"
        ).fetchall()
    assert [h for (h,) in history] == [r.release_id for r in (*releases[2:], fifth)]


def test_equal_data_in_the_same_second(settings: Settings, publish_number: Publish) -> None:
    """Is a release of its own, and the newest."""
    releases = [publish_number(1) for _ in range(3)]
    assert len({release.release_id for release in releases}) == 3
    assert len({release.content_hash for release in releases}) == 1
    assert published_release(settings) == releases[-1] == list_releases(settings)[0]


def test_a_path_is_no_release_id(settings: Settings, publish_number: Publish) -> None:
    """Nothing outside the folder of kept releases can be put in front of the readers."""
    publish_number(1)
    outside = settings.warehouse / "outside.duckdb"
    outside.write_bytes(settings.published.read_bytes())
    for name in ("../outside", "", ".", str(outside)):
        with pytest.raises(UnknownRelease):
            rollback(settings, name)


def test_a_damaged_kept_file_is_not_offered(settings: Settings, publish_number: Publish) -> None:
    """Nor can it be rolled back to."""
    release = publish_number(1)
    kept = settings.releases / f"{release.release_id}.duckdb"
    kept.write_bytes(b"not a database" * 1000)
    assert list_releases(settings) == []
    assert read_release(kept) is None
    with pytest.raises(UnknownRelease):
        rollback(settings, release.release_id)
    assert published_number(settings) == 1


def test_equal_data_has_an_equal_hash(tmp_path: Path) -> None:
    """Whatever the order of rows and columns and the run; a changed or doubled row changes it."""
    rows = "SELECT i AS a, i::VARCHAR AS b, [i] AS c, 'r1' AS run_id FROM range(1000) AS t(i)"

    def hashed(name: str, select: str) -> str:
        with duckdb.connect(str(tmp_path / f"{name}.duckdb")) as connection:
            connection.execute(f"CREATE SCHEMA star; CREATE TABLE star.t AS {select}")
            return content_hash(connection, name)

    base = hashed("base", rows)
    assert hashed("order", f"SELECT * FROM ({rows}) ORDER BY hash(a)") == base
    assert hashed("columns", f"SELECT c, b, run_id, a FROM ({rows})") == base
    assert hashed("run", f"SELECT * REPLACE ('r2' AS run_id) FROM ({rows})") == base
    assert hashed("changed", f"SELECT * REPLACE (if(a = 7, 'x', b) AS b) FROM ({rows})") != base
    assert hashed("doubled", f"{rows} UNION ALL {rows}") != base
    assert hashed("pair", f"{rows} UNION ALL SELECT 1, 'x', [1], '' FROM range(2)") != base
    assert hashed("typed", f"SELECT * REPLACE (a::HUGEINT AS a) FROM ({rows})") != base
    assert hashed("null", f"SELECT * REPLACE (nullif(b, '3') AS b) FROM ({rows})") != base


class _Clock(datetime):
    """A machine's clock, to be set back."""

    moment = datetime(2026, 3, 1, 2, 30)

    @classmethod
    def now(cls, tz: Any = None) -> Any:
        """What it shows."""
        return cls.moment


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> type[_Clock]:
    """The clock by which releases are published."""
    monkeypatch.setattr("pipelines.stages.publish.publish.datetime", _Clock)
    monkeypatch.setattr(_Clock, "moment", datetime(2026, 3, 1, 2, 30))
    return _Clock


def test_a_clock_that_is_set_back(
    settings: Settings, publish_number: Publish, clock: type[_Clock]
) -> None:
    """What is newest follows the order of publishing, in every place that asks for it."""
    first = publish_number(1)
    clock.moment -= timedelta(days=400)
    second = publish_number(2)
    clock.moment += timedelta(days=1)
    third = publish_number(3)
    assert second.published_at < first.published_at
    assert [r.number for r in (first, second, third)] == [1, 2, 3]
    assert published_release(settings) == third
    assert newest_release(settings) == third
    assert previous_file(settings) == settings.releases / f"{third.release_id}.duckdb"
    assert list_releases(settings) == [third, second, first]
    with duckdb.connect(str(settings.published), read_only=True) as connection:
        numbers = connection.execute("SELECT number FROM ops.releases ORDER BY number").fetchall()
    assert numbers == [(1,), (2,), (3,)]
    clock.moment -= timedelta(days=4000)
    fourth = publish_number(4)  # three are kept: the oldest by order goes, not by the clock
    assert list_releases(settings) == [fourth, third, second]
    rollback(settings, second.release_id)
    assert published_release(settings) == second
    assert newest_release(settings) == fourth
    fifth = publish_number(5)
    assert fifth.number == 5
    assert published_release(settings) == newest_release(settings) == fifth


def test_releases_from_before_they_were_numbered(
    settings: Settings, publish_number: Publish, clock: type[_Clock]
) -> None:
    """They are older than any that has a number, and among themselves follow the clock."""
    old = []
    for number in (1, 2):
        clock.moment += timedelta(days=number)
        old.append(publish_number(number).release_id)
    for file in (settings.published, *(settings.releases / f"{i}.duckdb" for i in old)):
        with duckdb.connect(str(file)) as connection:
            connection.execute("ALTER TABLE ops.releases DROP COLUMN number")
    clock.moment -= timedelta(days=400)
    assert [r.number for r in list_releases(settings)] == [0, 0]
    newest = publish_number(3)
    assert newest.number == 1
    assert [r.release_id for r in list_releases(settings)] == [newest.release_id, *reversed(old)]


@pytest.mark.parametrize("harm", ["gone", "cut", "other"])
def test_readers_get_their_file_back(
    settings: Settings, publish_number: Publish, harm: str
) -> None:
    """A published file that was deleted, cut or written over is put back by the next refresh."""
    publish_number(1)
    newest = publish_number(2)
    if harm == "gone":
        settings.published.unlink()
    elif harm == "cut":
        settings.published.write_bytes(settings.published.read_bytes()[:5000])
    else:
        settings.published.write_bytes(b"no database")
    assert settings.published in recover(settings)
    assert published_number(settings) == 2
    assert published_release(settings) == newest
    assert recover(settings) == []
