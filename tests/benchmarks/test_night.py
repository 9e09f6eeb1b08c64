"""What lands after the campaign is what is said of it, and the sample stays as it was."""

from __future__ import annotations

import gzip
import json
import zipfile
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from benchmarks.giving.bare_files import blocks, gift_files, orders
from benchmarks.giving.landing import linked
from benchmarks.giving.night import land_a_day, restate_last_day
from pipelines.settings import BEIJING

_KEY = "k" * 32


@pytest.fixture
def landing(tiny: Path, tmp_path: Path) -> Path:
    """A landing folder of links to the sample."""
    linked(tiny, tmp_path / "landing")
    return tmp_path / "landing"


def _hashes(files: Path) -> dict[str, bytes]:
    return {p.relative_to(files).as_posix(): p.read_bytes() for p in files.rglob("*.*")}


def test_a_day_more_is_new_gifts_and_known_ones_refunded(landing: Path, tiny: Path) -> None:
    before = _hashes(tiny)
    new, refunded = land_a_day(landing, 500)
    path = landing / "tencent_donations/20200910/合成数据_捐款订单_20200910_p01.csv"
    (told,) = duckdb.execute(
        "select count(*), count(distinct 订单号), count(*) filter (支付状态 = '已退款'),"
        " sum(退款金额) filter (支付状态 = '已退款') * 100, min(支付时间[:10])"
        f" filter (支付状态 = '支付成功') from read_csv('{path}', skip = 1, all_varchar = false,"
        " types = {'支付时间': 'VARCHAR', '退款金额': 'DECIMAL(18,2)', '订单号': 'VARCHAR'})"
    ).fetchall()
    assert told == (500, 500, 500 - new, refunded, "2020-09-10")
    assert 0 < 500 - new <= 10
    assert _hashes(tiny) == before
    # landed after the campaign's own files
    assert path.stat().st_mtime > datetime(2020, 9, 11, tzinfo=BEIJING).timestamp()


def _amounts(landing: Path) -> dict[str, tuple[int, int]]:
    """File → orders and their fen."""
    found: dict[str, tuple[int, int]] = {}
    for file in gift_files(landing):
        frames = [orders(block, _KEY) for block in blocks(file)]
        name = file.path.relative_to(landing).as_posix()
        found[name] = sum(f.height for f in frames), sum(int(f["fen"].sum()) for f in frames)
    return found


def test_a_day_restated_is_one_yuan_more_in_every_file(landing: Path, tiny: Path) -> None:
    before, amounts = _hashes(tiny), _amounts(landing)
    lines, files, grown = restate_last_day(landing)
    after = _amounts(landing)
    changed = {name for name in amounts if after[name] != amounts[name]}
    assert len(changed) == files > 2
    assert all("/20200909/" in name for name in changed)
    for name in changed:
        assert (after[name][0], after[name][1] - amounts[name][1]) == (amounts[name][0], 100)
    assert grown == 100 * files
    assert lines > files
    assert _hashes(tiny) == before
    assert {p.name for p in landing.rglob("*")} == {p.name for p in tiny.rglob("*")}


def test_packed_files_are_packed_again(landing: Path) -> None:
    restate_last_day(landing)
    manifest = json.loads((landing / "manifest.json").read_text(encoding="utf-8"))
    packed = [landing / f["path"] for f in manifest["files"] if f["path"].endswith((".gz", ".zip"))]
    assert packed
    for path in packed:
        if path.suffix == ".gz":
            assert gzip.decompress(path.read_bytes())
        else:
            assert zipfile.ZipFile(path).testzip() is None
