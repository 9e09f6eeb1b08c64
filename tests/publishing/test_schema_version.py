"""A release whose tables are of another version is read by nobody who would misread it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from starlette.testclient import TestClient

from pages.app import create_app
from pipelines.cli.console import Exit
from pipelines.publishing.recovering import recover
from pipelines.publishing.releases import (
    OtherSchema,
    list_releases,
    newest_release,
    published_release,
)
from pipelines.publishing.switching import rollback
from pipelines.settings import Settings
from pipelines.stages.publish.publish import publish
from pipelines.tables.version import SCHEMA_VERSION
from tests.cli.conftest import Juandi, juandi
from tests.publishing.builds import make_build, passing

__all__ = ["juandi"]


def _become(file: Path, version: int | None) -> None:
    with duckdb.connect(str(file)) as db:
        if version is None:
            db.execute("alter table ops.releases drop column schema_version")
        else:
            db.execute("update ops.releases set schema_version = ?", [version])


@pytest.fixture
def of_version(tmp_path: Path) -> Callable[[int | None], Settings]:
    """A warehouse with an earlier release of this version and a published one of another."""

    def make(version: int | None) -> Settings:
        settings = Settings(warehouse=tmp_path / "w", landing=tmp_path / "w" / "landing")
        settings.landing.mkdir(parents=True)
        for number in (1, 2):
            publish(settings, make_build(settings, number), passing())
        kept = settings.releases / f"{list_releases(settings)[0].release_id}.duckdb"
        for file in (kept, settings.published):
            _become(file, version)
        return settings

    return make


def test_a_release_says_its_version(of_version: Callable[[int | None], Settings]) -> None:
    """The published file, each kept one, and those that it lists."""
    settings = of_version(SCHEMA_VERSION)
    assert {r.schema_version for r in list_releases(settings)} == {SCHEMA_VERSION}
    _become(settings.published, None)
    found = published_release(settings)
    assert found is not None
    assert found.schema_version == 0


@pytest.mark.parametrize(
    ("version", "said"), [(None, "older code (schema version 0"), (SCHEMA_VERSION + 1, "newer")]
)
@pytest.mark.parametrize(
    "arguments", [("status",), ("quarantine", "list"), ("metric", "gross_cny"),
                  ("trace", "1234567890123")], ids=" ".join,
)  # fmt: skip # a table
def test_what_reads_it_refuses(
    of_version: Callable[[int | None], Settings], juandi: Juandi,
    version: int | None, said: str, arguments: tuple[str, ...],
) -> None:  # fmt: skip # one line of fixtures
    """Status 2, which version and what to do; `juandi sql` reads any."""
    home = str(of_version(version).warehouse)
    done = juandi(*arguments, JUANDI_WAREHOUSE=home)
    assert done.returncode == Exit.USAGE, done.stdout + done.stderr
    assert said in done.stderr
    assert ("juandi refresh" in done.stderr) is (version is None)
    assert "Traceback" not in done.stderr
    assert juandi("sql", "select count(*) from star.fact_donation",
                  JUANDI_WAREHOUSE=home).returncode == 0  # fmt: skip # one call


@pytest.mark.parametrize("version", [None, SCHEMA_VERSION + 1])
def test_pages_say_so(of_version: Callable[[int | None], Settings], version: int | None) -> None:
    """503 in words, and again well when a release of this version is out: no restart."""
    settings = of_version(version)
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as reader:
        for path in ("/", "/tables/projects", "/api/v1/tables"):
            assert reader.get(path).status_code == 503
        assert "另一版本" in reader.get("/").text
        assert reader.get("/readyz").json() == {"status": "other_schema"}
        assert reader.get("/healthz").status_code == 200
        rollback(settings, list_releases(settings)[-1].release_id)
        assert reader.get("/readyz").json() == {"status": "ok"}


def test_a_refresh_replaces_an_older_one_only(
    of_version: Callable[[int | None], Settings],
) -> None:
    """Over a newer one it does not begin, and says how to go back; nothing is touched."""
    settings = of_version(SCHEMA_VERSION + 1)
    settings.build.mkdir(exist_ok=True)
    (settings.build / "left.duckdb").touch()
    with pytest.raises(OtherSchema, match="juandi rollback"):
        recover(settings)
    assert (settings.build / "left.duckdb").exists()
    newer = newest_release(settings)
    assert newer is not None
    with pytest.raises(OtherSchema, match="newer"):
        rollback(settings, newer.release_id)
    rollback(settings, list_releases(settings)[-1].release_id)
    recover(settings)


def test_a_rollback_to_an_older_one_is_told(
    of_version: Callable[[int | None], Settings], juandi: Juandi
) -> None:
    """It is published, as analysts had it, and what cannot read it is said."""
    settings = of_version(None)
    older = newest_release(settings)
    assert older is not None
    done = juandi("rollback", older.release_id, JUANDI_WAREHOUSE=str(settings.warehouse))
    assert done.returncode == 0
    assert "older code" in done.stderr
