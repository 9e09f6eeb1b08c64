"""The store mends itself: what is derived is made again, what is not is told, never in silence."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from pipelines.cli.doctor_engine import engine_finding
from pipelines.cli.doctor_store import store_findings
from pipelines.settings import BEIJING
from pipelines.stages.build.inputs import inputs_of
from pipelines.stages.load.due import pending
from pipelines.stages.receive.pull import archived
from pipelines.stages.store import bytes_kept as store
from pipelines.stages.store.archive_faults import archive_faults
from pipelines.stages.store.catalog import Catalog, CatalogDamaged
from pipelines.stages.store.healing import GIVEN_UP, heal
from pipelines.stages.store.zones import quarantine_folder
from tests.stages.landings import Landing, row, table

GIFTS = "tencent_donations"


def _rows(start: int) -> bytes:
    good = [row(GIFTS, 订单号=f"{10**19 + start + n}") for n in range(50)]
    return table([*good, row(GIFTS, 订单号="1234567")])  # and one that is refused


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    """Two files of gifts, loaded; landing keeps nothing of them."""
    made = Landing(tmp_path)
    for day in (2, 3):
        made.put(f"{GIFTS}/gifts_2024080{day}.csv", _rows(day * 1000))
    made.load()
    shutil.rmtree(made.settings.landing / GIFTS)
    return made


def _part(landing: Landing, day: int = 2) -> Path:
    (part,) = landing.settings.lake.glob(f"{GIFTS}/export_date=2024-08-0{day}/*/*.parquet")
    return part


def _refused_part(landing: Landing) -> Path:
    receipt = Catalog(landing.settings).receipts()[0]
    (part,) = quarantine_folder(landing.settings, receipt).glob("*.parquet")
    return part


def _cut(part: Path) -> None:
    part.write_bytes(part.read_bytes()[: part.stat().st_size // 2])


def _altered(part: Path) -> None:
    """One byte, and the size and the times of before."""
    told = part.stat()
    data = bytearray(part.read_bytes())
    data[len(data) // 2] ^= 1
    part.write_bytes(data)
    os.utime(part, ns=(told.st_atime_ns, told.st_mtime_ns))


def _beside(part: Path) -> None:
    shutil.copyfile(part, part.with_name("00009.parquet"))


def _emptied(part: Path) -> None:
    part.write_bytes(b"")


def _replaced(part: Path) -> None:
    pl.DataFrame({"other": [1]}).write_parquet(part)


def _folder_gone(part: Path) -> None:
    shutil.rmtree(part.parent)


DAMAGE: tuple[Callable[[Path], None], ...] = (
    Path.unlink, _cut, _altered, _beside, _emptied, _replaced, _folder_gone,
)  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda f: f.__name__.strip("_"))
@pytest.mark.parametrize("which", [_part, _refused_part], ids=["lake", "quarantine"])
def test_a_damaged_part_is_read_again(
    landing: Landing, which: Callable[[Landing], Path], damage: Callable[[Path], None]
) -> None:
    """Of that file alone, with the very same rows; a second look finds nothing."""
    rows, refused = landing.lake(GIFTS), landing.refused_rows()
    before, inputs = landing.accounts(), inputs_of(landing.settings).hash
    damage(which(landing))
    healed = heal(landing.settings)
    assert [r.file_name for r, _ in healed.read_again] == ["gifts_20240802.csv"]
    assert "gifts_20240802.csv" in "".join(healed.sentences())
    assert [r.file_name for r in pending(landing.settings)] == ["gifts_20240802.csv"]
    landing.settings.landing.mkdir(exist_ok=True)
    after = landing.load()
    key = "order_no"
    assert landing.lake(GIFTS).sort(key).equals(rows.sort(key))
    assert landing.refused_rows().sort("quarantine_id").equals(refused.sort("quarantine_id"))
    assert [r.rows_loaded for r in after] == [r.rows_loaded for r in before] == [50, 50]
    assert inputs_of(landing.settings).hash == inputs  # the same release: nothing is new
    assert heal(landing.settings).sentences() == []
    assert pending(landing.settings) == []


def test_a_copy_of_the_warehouse_is_hashed_once(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other times, the same bytes: nothing is read again, and the next look hashes nothing."""
    for part in landing.settings.warehouse.rglob("*"):
        if part.is_file() and part.suffix != ".sqlite":
            os.utime(part, (1_700_000_000, 1_700_000_000))
    hashed: list[Path] = []
    real = store.hash_of

    def count(path: Path) -> str:
        hashed.append(path)
        return real(path)

    monkeypatch.setattr(store, "hash_of", count)
    assert heal(landing.settings).sentences() == []
    assert len(hashed) == 2 + 2 + 2  # parts of the lake, of the quarantine, archived files
    hashed.clear()
    assert heal(landing.settings).sentences() == []
    assert hashed == []


def _damage_archive(landing: Landing, how: str) -> None:
    kept = archived(landing.settings, Catalog(landing.settings).receipts()[0])
    kept.chmod(0o644)
    if how == "missing":
        kept.unlink()
    elif how == "altered":
        _altered(kept)
    else:
        _cut(kept)


@pytest.mark.parametrize("how", ["missing", "altered", "cut"])
def test_an_archived_file_that_is_gone(landing: Landing, how: str) -> None:
    """It is told, in the release too; its rows stay, and a new release says so once."""
    before = inputs_of(landing.settings).hash
    _damage_archive(landing, how)
    healed = heal(landing.settings)
    assert len(healed.archive) == 1
    assert healed.read_again == []
    assert "gifts_20240802.csv" in "".join(healed.sentences())
    (fault,) = archive_faults(landing.settings)
    assert (fault.file_name, fault.fault) == (
        "gifts_20240802.csv", "missing" if how == "missing" else "altered",
    )  # fmt: skip
    assert landing.lake(GIFTS).height == 100
    told = inputs_of(landing.settings).hash
    assert told != before
    heal(landing.settings)
    assert inputs_of(landing.settings).hash == told
    assert archive_faults(landing.settings) == [fault]  # with the time it was first found


@pytest.mark.parametrize("how", ["missing", "altered", "cut"])
def test_it_is_taken_back_from_landing(landing: Landing, how: str) -> None:
    """If the very same bytes lie where they came from; others do not count."""
    _damage_archive(landing, how)
    landing.put(f"{GIFTS}/gifts_20240802.csv", _rows(9000))
    assert len(heal(landing.settings).archive) == 1
    landing.put(f"{GIFTS}/gifts_20240802.csv", _rows(2000))
    healed = heal(landing.settings)
    assert (len(healed.taken_back), healed.archive) == (1, [])
    assert archive_faults(landing.settings) == []
    receipt = Catalog(landing.settings).receipts()[0]
    assert archived(landing.settings, receipt).read_bytes() == _rows(2000)
    assert heal(landing.settings).sentences() == []


def test_both_are_gone(landing: Landing) -> None:
    """The rows are lost: the file is refused for that, until it comes back or is given up."""
    data = archived(landing.settings, Catalog(landing.settings).receipts()[0]).read_bytes()
    _damage_archive(landing, "missing")
    _cut(_part(landing))
    heal(landing.settings)
    lost, kept = landing.load()
    assert (lost.status, kept.status) == ("refused", "loaded")
    assert (lost.reason or "").startswith("file.lost")
    assert lost.source_file_id in (lost.reason or "")
    assert heal(landing.settings).read_again == []
    assert pending(landing.settings) == []  # it is not tried every night
    now = datetime.now(BEIJING)
    Catalog(landing.settings).decide(lost.source_file_id, GIVEN_UP, "gone for good", now)
    heal(landing.settings)
    given_up, _ = landing.load()
    assert (given_up.reason or "").startswith("file.given_up")
    archived(landing.settings, Catalog(landing.settings).receipts()[0]).write_bytes(data)
    heal(landing.settings)
    assert [r.status for r in landing.load()] == ["loaded", "loaded"]


def test_other_code_and_a_lost_archive(landing: Landing, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows that earlier code read stay, where today's could not read them again."""
    _damage_archive(landing, "missing")
    monkeypatch.setattr("pipelines.stages.load.load.code_version", lambda: "another")
    heal(landing.settings)
    assert [r.status for r in landing.load()] == ["loaded", "loaded"]
    assert landing.lake(GIFTS).height == 100
    assert heal(landing.settings).read_again == []


GARBAGE = (b"", b"not a database" * 1000)


@pytest.mark.parametrize("garbage", [b"not a database" * 1000, None], ids=["garbage", "torn"])
def test_a_damaged_catalogue_of_the_lake(landing: Landing, garbage: bytes | None) -> None:
    """It is laid aside and made again from the archive; both files are read once more."""
    rows = landing.lake(GIFTS)
    _spoil(Catalog(landing.settings).lake_file, garbage)
    healed = heal(landing.settings)
    assert healed.catalogue is not None
    assert healed.catalogue.exists()
    assert "read again" in healed.sentences()[0]
    landing.load()
    assert landing.lake(GIFTS).sort("order_no").equals(rows.sort("order_no"))
    assert heal(landing.settings).sentences() == []


def _spoil(path: Path, garbage: bytes | None) -> None:
    data = bytearray(path.read_bytes())
    if garbage is None:
        for page in range(4096, len(data), 4096):
            data[page : page + 200] = b"\xff" * 200
    path.write_bytes(data if garbage is None else garbage)


def test_an_outcome_that_cannot_be_read(landing: Landing) -> None:
    """A catalogue that SQLite takes for whole, and that says nothing."""
    with Catalog(landing.settings).lake() as db:
        db.execute("update loads set outcome = '{]'")
    assert heal(landing.settings).catalogue is not None
    assert [r.status for r in landing.load()] == ["loaded", "loaded"]


@pytest.mark.parametrize("garbage", [b"not a database" * 1000, None], ids=["garbage", "torn"])
def test_a_damaged_catalogue_of_the_archive(landing: Landing, garbage: bytes | None) -> None:
    """It is told as such, with what to do; nothing is changed."""
    _spoil(Catalog(landing.settings).archive_file, garbage)
    with pytest.raises(CatalogDamaged, match="juandi doctor --repair"):
        heal(landing.settings)


def test_a_lake_that_is_gone(landing: Landing) -> None:
    """All of it, catalogue too: made again."""
    shutil.rmtree(landing.settings.lake)
    assert heal(landing.settings).catalogue is None
    assert [r.status for r in landing.load()] == ["loaded", "loaded"]


def test_drafts_of_a_killed_night_are_cleared(landing: Landing) -> None:
    """Of the pull and of the load."""
    drafts = (
        landing.settings.archive / GIFTS / ".1-2.part",
        landing.settings.lake / ".drafts" / "abc" / "00000.parquet",
    )
    for draft in drafts:
        draft.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(b"half")
    heal(landing.settings)
    assert not [draft for draft in drafts if draft.exists()]


def test_a_locked_catalogue_is_not_a_damaged_one(landing: Landing) -> None:
    """Nothing is laid aside for what passes."""
    path = Catalog(landing.settings).lake_file
    path.chmod(0o444)
    with sqlite3.connect(path) as db:
        assert db.execute("select count(*) from loads").fetchone() == (2,)
    heal(landing.settings)
    assert not list(path.parent.glob("*.damaged-*"))


def test_a_lake_that_is_gone_is_told_and_read_again(landing: Landing) -> None:
    before = inputs_of(landing.settings).hash
    shutil.rmtree(landing.settings.lake)
    assert engine_finding(landing.settings).state == "ok"
    (_, _, told) = store_findings(landing.settings)
    assert (told.state, told.advice) == ("warning", "juandi refresh")
    assert "2 archived files are not read yet" in told.seen
    assert not landing.settings.lake.exists(), "looking changes nothing"

    (sentence,) = heal(landing.settings).sentences()
    assert "there is no lake: all 2 files of the archive are read" in sentence
    landing.load()
    assert inputs_of(landing.settings).hash == before
    assert heal(landing.settings).sentences() == []
    assert [finding.state for finding in store_findings(landing.settings)] == ["ok"] * 3


def test_the_first_night_misses_no_lake(tmp_path: Path) -> None:
    assert heal(Landing(tmp_path).settings).sentences() == []
