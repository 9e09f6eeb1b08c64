"""Tables beside a release's file: readers, switches, retention, what is gone or altered."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipelines.cli.doctor import examine
from pipelines.cli.release_file import open_file
from pipelines.publishing.beside import setting_aside
from pipelines.publishing.beside.parts import delete_parts, parts_folder, parts_of
from pipelines.publishing.beside.reach import confine
from pipelines.publishing.recovering import recover
from pipelines.publishing.releases import kept_file, list_releases, published_release
from pipelines.publishing.switching import rollback
from pipelines.settings import Settings, SettingsError
from pipelines.stages.gate.gate import GateReport
from pipelines.stages.publish.publish import NotPublished, publish
from pipelines.stages.retain.retain import plan
from tests.publishing.builds import make_build, passing, published_number
from tests.publishing.releases_beside import READ, number, part_files, read_elsewhere

#: Once all is loaded that lies where only root may look.
NOBODY = """
import duckdb, os
duckdb.connect().execute("SELECT 1").fetchone()
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
"""


def test_the_same_release_inside_and_beside(settings: Settings, beside: Settings) -> None:
    """Content hash, rows, columns, comments; the published file holds a view and no rows."""
    first, second = number(settings, 7), number(beside, 7)
    assert (second.content_hash, second.rows) == (first.content_hash, first.rows)
    told = []
    for release in (first, second):
        with duckdb.connect(str(kept_file(beside, release.release_id)), read_only=True) as file:
            told.append(
                file.execute(
                    "SELECT table_name, column_name, data_type, comment FROM duckdb_columns()"
                    " WHERE schema_name IN ('star', 'marts') ORDER BY ALL"
                ).fetchall()
            )
    assert told[0] == told[1]
    (part,) = parts_of(beside.published)
    assert (part.table_name, part.rows) == ("star.fact_donation", 10)
    assert parts_of(kept_file(settings, first.release_id)) == []
    assert not beside.release_db.exists()
    assert not beside.light_db.exists()


def test_by_size(settings: Settings) -> None:
    """A table as large as the limit lies beside, one that is smaller inside; without one all do."""
    build = make_build(settings, 2)
    with duckdb.connect(str(settings.release_db)) as db:
        db.execute("INSERT INTO star.fact_donation SELECT 2, uuid() FROM range(50000)")
    publish(replace(settings, largest_table="1MB"), build, passing())
    assert len(part_files(settings)) == 1
    build = make_build(settings, 3)
    with duckdb.connect(str(settings.release_db)) as db:
        db.execute("INSERT INTO star.fact_donation SELECT 3, uuid() FROM range(50000)")
    publish(replace(settings, largest_table="1GB"), build, passing())
    assert len(part_files(settings)) == 1


def test_several_parts(beside: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them are read, and one that is gone is an error, not fewer rows."""
    monkeypatch.setattr(setting_aside, "PART_SIZE", "1MB")
    build = make_build(beside, 2)
    with duckdb.connect(str(beside.release_db)) as db:
        db.execute("INSERT INTO star.fact_donation SELECT 2, uuid() FROM range(500000)")
    publish(beside, build, passing())
    parts = parts_of(beside.published)
    assert len(parts) > 2
    assert sum(part.rows for part in parts) == 500_010
    assert read_elsewhere(beside.published, Path("/"))[1] == "2 2 500010"
    (beside.warehouse / parts[1].part_path).unlink()
    assert read_elsewhere(beside.published, Path("/"))[:2] == (1, "")


@pytest.mark.parametrize("size", ["much", "-1", "1.5GB", "4XB"])
def test_what_is_no_size(settings: Settings, size: str) -> None:
    """Is told with the name of the setting, and nothing is published."""
    with pytest.raises(SettingsError, match=r"JUANDI_LARGEST_TABLE.*40GB"):
        number(replace(settings, largest_table=size), 1)
    settings.config.write_text("[publishing]\nlargest = 3\n")
    with pytest.raises(SettingsError, match=r"\[publishing\] largest is not known"):
        number(settings, 1)
    settings.config.write_text("[publishing]\nlargest_table = true\n")
    with pytest.raises(SettingsError, match=r"\[publishing\] largest_table: True is not a size"):
        number(settings, 1)
    settings.config.write_text('[publishing]\nreaders_see = "mnt"\n')
    with pytest.raises(SettingsError, match="readers_see is to be a whole path"):
        number(settings, 1)
    assert published_number(settings) is None


def test_readers_of_the_old_and_the_new(beside: Settings) -> None:
    """One that has the old release open reads it on, one that opens the file then the new one."""
    number(beside, 1)
    with duckdb.connect(str(beside.published), read_only=True) as old:
        number(beside, 2)
        ask = "SELECT min(n), max(n), count(*) FROM star.fact_donation"
        assert old.execute(ask).fetchone() == (1, 1, 10)
        assert read_elsewhere(beside.published, Path("/"))[1] == "2 2 10"
        assert old.execute(ask).fetchone() == (1, 1, 10)


def test_from_wherever(beside: Settings, tmp_path: Path) -> None:
    """Any folder; by a link; a copy elsewhere on the machine. Also with another release at hand."""
    number(beside, 1)
    copy = tmp_path / "copy.duckdb"
    shutil.copy(beside.published, copy)
    number(beside, 2)
    link = tmp_path / "link.duckdb"
    link.symlink_to(beside.published)
    for folder in (tmp_path, beside.warehouse, Path("/")):
        assert read_elsewhere(beside.published, folder)[1] == "2 2 10"
        assert read_elsewhere(link, folder)[1] == "2 2 10"
        assert read_elsewhere(copy, folder)[1] == "1 1 10"


def test_a_copy_without_the_warehouse_says_what_to_do(beside: Settings, tmp_path: Path) -> None:
    """The error names the variable; with it set the rows are there."""
    number(beside, 1)
    moved = tmp_path / "moved"
    beside.warehouse.rename(moved)
    status, rows, error = read_elsewhere(moved / "juandi.duckdb", tmp_path)
    assert (status, rows) == (1, "")
    assert "SET-VARIABLE-juandi_warehouse" in error
    with duckdb.connect(str(moved / "juandi.duckdb"), read_only=True) as reader:
        assert reader.execute("SELECT count(*) FROM ops.releases").fetchone() == (1,)
        reader.execute(f"SET VARIABLE juandi_warehouse = '{moved}'")
        assert reader.execute("SELECT max(n) FROM star.fact_donation").fetchone() == (1,)


def test_a_moved_warehouse(beside: Settings, tmp_path: Path) -> None:
    """Ours read it at once; the next start has the files say where they are, for all others."""
    number(beside, 1)
    number(beside, 2)
    home = tmp_path / "moved"
    beside.warehouse.rename(home)
    moved = replace(beside, warehouse=home)
    with open_file(moved.published) as release:
        assert release.execute("SELECT max(n) FROM star.fact_donation").fetchone() == (2,)
    assert "juandi refresh" in " ".join(f.advice or "" for f in examine(moved))
    touched = recover(moved)
    assert moved.published in touched
    assert recover(moved) == []
    for file in (moved.published, *(kept_file(moved, r.release_id) for r in list_releases(moved))):
        assert {part.warehouse for part in parts_of(file)} == {str(home)}
    assert read_elsewhere(moved.published, tmp_path)[1] == "2 2 10"
    with duckdb.connect(str(moved.published), read_only=True) as reader:
        assert reader.execute(
            "SELECT comment FROM duckdb_columns() WHERE table_name = 'release_parts'"
        ).fetchall()


def test_readers_who_see_it_elsewhere(beside: Settings, tmp_path: Path) -> None:
    """The published file looks where they were said to see the warehouse; ours where it lies."""
    mount = tmp_path / "mnt"
    beside.warehouse.mkdir(parents=True)
    beside.config.write_text(f'[publishing]\nreaders_see = "{mount}/"\n')
    first = number(beside, 1)
    assert {part.warehouse for part in parts_of(beside.published)} == {str(mount)}
    with open_file(beside.published) as release:
        assert release.execute("SELECT max(n) FROM star.fact_donation").fetchone() == (1,)
    assert read_elsewhere(beside.published, tmp_path)[0] == 1
    mount.symlink_to(beside.warehouse)
    assert read_elsewhere(mount / "juandi.duckdb", tmp_path)[1] == "1 1 10"
    number(beside, 2)
    rollback(beside, first.release_id)
    assert read_elsewhere(mount / "juandi.duckdb", tmp_path)[1] == "1 1 10"
    mount.unlink()
    recover(beside)
    assert {part.warehouse for part in parts_of(beside.published)} == {str(mount)}


def test_back_forward_and_retention(beside: Settings) -> None:
    """A release's parts go with it, never those of one that is published or kept."""
    releases = [number(beside, 1)]
    releases += [number(beside, n) for n in (2, 3)]
    rollback(beside, releases[0].release_id)
    assert published_number(beside) == 1
    rollback(beside, releases[2].release_id)
    assert published_number(beside) == 3
    rollback(beside, releases[0].release_id)
    assert [r.release_id for r, _ in plan(replace(beside, keep_releases=1)).releases] == [
        releases[1].release_id
    ]
    ((_, size),) = plan(replace(beside, keep_releases=1)).releases
    folder = parts_folder(beside, releases[1].release_id)
    assert size > sum(f.stat().st_size for f in folder.rglob("*.parquet")) > 0
    releases += [number(beside, n) for n in (4, 5)]
    assert published_number(beside) == 5
    kept = [r.release_id for r in list_releases(beside)]
    assert kept == [r.release_id for r in reversed(releases[2:])]
    assert sorted({f.parents[2].name for f in part_files(beside)}) == sorted(kept)
    rollback(beside, releases[2].release_id)
    assert published_number(beside) == 3


def test_the_published_release_keeps_its_parts(beside: Settings) -> None:
    """Though its kept file was deleted by hand; of others nothing is left by the next start."""
    first, second = number(beside, 1), number(beside, 2)
    for release in (first, second):
        kept_file(beside, release.release_id).unlink()
    recover(beside)
    assert published_number(beside) == 2
    assert not parts_folder(beside, first.release_id).exists()
    assert parts_folder(beside, second.release_id).exists()


def test_held_by_an_analyst_after_a_roll_back(beside: Settings) -> None:
    """Which release a file holds that cannot be read is told by the switch: its parts stay."""
    releases = [number(beside, n) for n in (1, 2, 3)]
    rollback(beside, releases[0].release_id)
    hold = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(beside.published)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as analyst:  # fmt: skip # one call
        assert analyst.stdout is not None
        assert analyst.stdout.readline() == "open\n"
        assert published_release(beside) == releases[0]
        going = [r.release_id for r, _ in plan(replace(beside, keep_releases=1)).releases]
        assert going == [releases[1].release_id]
        analyst.communicate("\n")


def test_no_other_file_is_read(beside: Settings, tmp_path: Path) -> None:
    """Nor is anything written, and a view of a release that points elsewhere is refused."""
    number(beside, 1)
    (part,) = part_files(beside)
    other = tmp_path / "other.parquet"
    shutil.copy(part, other)
    with open_file(beside.published, {"lock_configuration": "true"}) as release:
        assert release.execute(f"SELECT count(*) FROM '{part}'").fetchone() == (10,)
        for sql in (
            f"SELECT * FROM '{other}'",
            f"COPY (SELECT 1) TO '{tmp_path}/x.csv'",
            "SET enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                release.execute(sql)
    with duckdb.connect(str(beside.published)) as db:
        db.execute(f"CREATE VIEW star.elsewhere AS SELECT * FROM '{other}'")
    with open_file(beside.published) as release, pytest.raises(duckdb.PermissionException):
        release.execute("SELECT * FROM star.elsewhere")
    with duckdb.connect() as engine:
        engine.execute(f"ATTACH '{beside.published}' AS before (READ_ONLY)")
        confine(engine, [(beside.published, "before")])
        assert engine.execute("SELECT max(n) FROM before.star.fact_donation").fetchone() == (1,)


def test_what_another_engine_has_written(settings: Settings, tmp_path: Path) -> None:
    """Its files are taken over as they are, also where the build has but a view on them; what does
    not hold what was gated is not published."""
    written = tmp_path / "spark"
    written.mkdir()
    build = make_build(settings, 3)
    with duckdb.connect(str(settings.release_db)) as db:
        for name, rows in (("a", "LIMIT 4"), ("b", "OFFSET 4")):
            db.execute(f"COPY (FROM star.fact_donation {rows}) TO '{written}/{name}.parquet'")
    files = sorted(written.iterdir())
    with pytest.raises(NotPublished, match=r"not what was gated: star\.fact_donation"):
        publish(settings, build, passing(), {"fact_donation": files[:1]})
    assert part_files(settings) == []
    with duckdb.connect(str(settings.release_db)) as db:
        db.execute("DROP TABLE star.fact_donation")
        db.execute(f"CREATE VIEW star.fact_donation AS FROM read_parquet({[*map(str, files)]})")
        db.execute("COMMENT ON VIEW star.fact_donation IS '捐赠 / gifts'")
    release = publish(settings, build, passing(), {"fact_donation": files})
    assert [part.rows for part in parts_of(settings.published)] == [4, 6]
    shutil.rmtree(written)
    assert published_number(settings) == 3
    with duckdb.connect(str(settings.published), read_only=True) as db:
        told = db.execute("SELECT comment FROM duckdb_views() WHERE NOT internal").fetchall()
    assert told == [("捐赠 / gifts",)]
    assert release.content_hash == number(settings, 3).content_hash


def test_what_parquet_does_not_hold_is_not_published(beside: Settings) -> None:
    """A type that comes out as another: nothing is published, and the build is still there."""
    number(beside, 1)
    build = make_build(beside, 2)
    with duckdb.connect(str(beside.release_db)) as db:
        db.execute("ALTER TABLE star.fact_donation ALTER n TYPE HUGEINT")
    with pytest.raises(NotPublished, match="not what was gated"):
        publish(beside, build, GateReport(passing().results))
    assert published_number(beside) == 1
    assert len(part_files(beside)) == 1
    publish(replace(beside, largest_table=None), build, passing())
    assert published_number(beside) == 2


def test_a_user_who_may_only_read(beside: Settings) -> None:
    """Nobody writes into the folders either: as where the warehouse is mounted for reading."""
    number(beside, 1)
    with tempfile.TemporaryDirectory() as folder:  # pytest's own are closed to other users
        Path(folder).chmod(0o755)
        seen = replace(beside, warehouse=Path(folder) / "warehouse")
        shutil.copytree(beside.warehouse, seen.warehouse)
        recover(seen)
        for path in (*seen.warehouse.rglob("*"), seen.warehouse):
            path.chmod(path.stat().st_mode & 0o555)
        done = subprocess.run(
            [sys.executable, "-c", NOBODY + READ, str(seen.published)],
            cwd="/", capture_output=True, text=True, check=False,
        )  # fmt: skip # one call
        for path in (seen.warehouse, *seen.warehouse.rglob("*")):
            path.chmod(path.stat().st_mode | 0o200)
    assert done.stdout.strip() == "1 1 10", done.stderr


def test_parts_are_not_written_into(beside: Settings) -> None:
    """They are read-only, and readable by whom the file is."""
    number(beside, 1)
    (part,) = part_files(beside)
    assert part.stat().st_mode & 0o777 == beside.published.stat().st_mode & 0o444
    delete_parts(parts_folder(beside, "none"))  # of a release without any
