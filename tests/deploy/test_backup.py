"""The backup: taken while files are still received, it gives back a warehouse that is whole."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.publishing.beside.parts import HINT
from pipelines.publishing.switches import SwitchKind, note_switch, switches
from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.stages.load.load import load_all
from pipelines.stages.receive.pull import pull
from pipelines.stages.store.catalog import Catalog, CatalogDamaged
from pipelines.stages.store.restoring import archive_troubles, journal_trouble, repair
from tests.stages.landings import Landing, row, table

GIFTS = "tencent_donations"


def back_up(settings: Settings, target: Path) -> subprocess.CompletedProcess[str]:
    """The program of `deploy/`."""
    if shutil.which("rsync") is None:
        pytest.skip("needs rsync: apt-get install rsync")
    env = os.environ | {"JUANDI_WAREHOUSE": str(settings.warehouse)}
    return subprocess.run(
        [PROJECT_ROOT / "deploy/juandi-backup", target],
        env=env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip # one call


def restored(settings: Settings, backup: Path, home: Path) -> Settings:
    """As docs/operations.md says: copy, put the key there, make the catalogue again."""
    shutil.copytree(backup, home)
    shutil.copytree(settings.secrets, home / ".secrets")
    new = replace(settings, warehouse=home, landing=home / "landing")
    new.landing.mkdir()
    with pytest.raises(CatalogDamaged, match="doctor --repair"):
        Catalog(new).receipts()
    repair(new)
    return new


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    """A warehouse with a file, a decision and a kept release of sorts."""
    found = Landing(tmp_path)
    found.put(f"{GIFTS}/a_20240801.csv", table([row(GIFTS)]))
    found.load()
    releases = found.settings.releases
    releases.mkdir()
    (releases / "20240802T000000-1.duckdb").write_bytes(b"a release")
    (releases / ".20240803T000000-2.duckdb.unfinished").write_bytes(b"half")
    note_switch(found.settings, SwitchKind.BACK, "20240802T000000-1", reason="tried")
    for folder in ("20240802T000000-1", ".20240803T000000-2.unfinished"):
        part = releases / folder / HINT / "star.fact_donation" / "part_0.parquet"
        part.parent.mkdir(parents=True)
        part.write_bytes(b"a part")
    return found


def test_what_is_copied(landing: Landing, tmp_path: Path) -> None:
    """Nothing that can be made again, nothing unfinished, and never the key."""
    target = tmp_path / "backup"
    done = back_up(landing.settings, target)
    assert done.returncode == 0, done.stderr
    (receipt,) = Catalog(landing.settings).receipts()
    assert sorted(p.relative_to(target).as_posix() for p in target.rglob("*") if p.is_file()) == [
        "archive/receipts.jsonl",
        f"archive/{GIFTS}/{receipt.sha256}",
        "history/switches.jsonl",
        "releases/20240802T000000-1.duckdb",
        f"releases/20240802T000000-1/{HINT}/star.fact_donation/part_0.parquet",
    ]
    empty = replace(landing.settings, warehouse=tmp_path / "none")
    assert back_up(empty, target).returncode == 2


def test_restored_it_is_the_same(landing: Landing, tmp_path: Path) -> None:
    """Receipts, their numbers and ids, and every row with its pseudonym."""
    back_up(landing.settings, tmp_path / "backup")
    new = restored(landing.settings, tmp_path / "backup", tmp_path / "new")
    assert Catalog(new).receipts() == Catalog(landing.settings).receipts()
    assert (archive_troubles(new), journal_trouble(new)) == ([], None)
    assert switches(new) == switches(landing.settings), "what was rolled back stays so"
    load_all(new)
    again = Landing(tmp_path / "x")
    again.settings = new
    assert again.lake(GIFTS).equals(landing.lake(GIFTS))


def test_files_that_come_meanwhile(landing: Landing, tmp_path: Path) -> None:
    """Received between the copy of the journal and that of the bytes: bytes without a receipt do
    no harm, and no receipt is without its bytes."""
    target = tmp_path / "backup"
    fake = tmp_path / "bin"
    fake.mkdir()
    # a night receives a file right after the first of the backup's steps
    real = shutil.which("rsync") or pytest.skip("needs rsync: apt-get install rsync")
    (fake / "rsync").write_text(
        f'#!/bin/sh\n{real} "$@" || exit\n'
        f"case $* in *receipts.jsonl.new*) touch {tmp_path}/now;"
        f" while [ -e {tmp_path}/now ]; do sleep 0.05; done;; esac\n"
    )
    (fake / "rsync").chmod(0o755)
    env = os.environ | {"JUANDI_WAREHOUSE": str(landing.settings.warehouse)}
    with subprocess.Popen(
        [PROJECT_ROOT / "deploy/juandi-backup", target],
        env=env | {"PATH": f"{fake}:{os.environ['PATH']}"},
    ) as running:
        while not (tmp_path / "now").exists():
            assert running.poll() is None
        landing.put(f"{GIFTS}/b_20240802.csv", table([row(GIFTS, 订单号="10000000000000000002")]))
        pull(landing.settings)
        (tmp_path / "now").unlink()
        assert running.wait(60) == 0
    assert len(list((target / "archive" / GIFTS).iterdir())) == 2
    new = restored(landing.settings, target, tmp_path / "new")
    assert len(Catalog(new).receipts()) == 1
    assert archive_troubles(new) == []
    assert back_up(landing.settings, target).returncode == 0
    later = restored(landing.settings, target, tmp_path / "later")
    assert Catalog(later).receipts() == Catalog(landing.settings).receipts()


def test_an_altered_file_does_not_replace_the_good_copy(landing: Landing, tmp_path: Path) -> None:
    """What rots in the archive stays whole in the backup."""
    target = tmp_path / "backup"
    back_up(landing.settings, target)
    (file,) = (landing.settings.archive / GIFTS).iterdir()
    good = file.read_bytes()
    file.chmod(0o644)
    file.write_bytes(b"rotten")
    back_up(landing.settings, target)
    assert (target / "archive" / GIFTS / file.name).read_bytes() == good
