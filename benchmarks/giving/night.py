"""The nights after the campaign: one more day of gifts, then the last day delivered again.

Both land beside the campaign's files and are measured as refreshes of the same warehouse. The
expected result is known beforehand and compared with what is published.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl

from benchmarks.giving.contenders import BenchmarkFailed, phases, run_juandi
from benchmarks.giving.measure import Measured
from pipelines.settings import BEIJING

SOURCE = "tencent_donations"
COLUMNS = (
    *("订单号", "项目编号", "项目名称", "捐款金额", "支付时间", "支付状态", "退款金额", "退款时间"),
    *("捐款方式", "捐款人ID", "捐款人昵称", "手机号", "是否匿名", "捐款人地区代码"),
    *("一起捐队伍编号", "活动编号"),
)
_NOTICE = "合成数据 Synthetic sample：全部记录由程序生成"
_RESTATED_ONE_IN = 50  # one in so many lines of the new day repeats an order, refunded


def _last_day(landing: Path) -> tuple[date, list[dict[str, Any]]]:
    """The campaign's last day, and the manifest's entries of its files that stand."""
    manifest = json.loads((landing / "manifest.json").read_text(encoding="utf-8"))
    last = max(manifest["totals"]["by_day"])
    files = [
        f
        for f in manifest["files"]
        if f["source"] == SOURCE and f["partition"] == last and f["status"] == "loaded"
    ]
    return date.fromisoformat(last), files


def land_a_day(landing: Path, rows: int, seed: int = 7) -> tuple[int, int]:
    """Lands `rows` lines of the day after the campaign; one in fifty refunds an order known before.

    Returns the number of new gifts and the refunded fen.
    """
    last, files = _last_day(landing)
    day = last + timedelta(days=1)
    known = [f for f in files if "捐款订单" in f["path"]][-1]
    before = pl.read_csv(landing / known["path"], skip_rows=1, infer_schema=False)
    paid = before.filter((pl.col("支付状态") == "支付成功") & (pl.col("捐款方式") != "企业捐"))
    # orders that have been refunded since are excluded: a second refund changes nothing
    for later in (landing / SOURCE).rglob("*状态变更*.csv"):
        paid = paid.join(pl.read_csv(later, skip_rows=1, infer_schema=False), "订单号", how="anti")
    # from the end of the file, because restated gifts are taken from its beginning
    again = paid.tail(min(rows // _RESTATED_ONE_IN, paid.height // 2))
    again = again.with_columns(
        pl.lit("已退款").alias("支付状态"), pl.col("捐款金额").alias("退款金额"),
        pl.lit(f"{day} 09:00:00").alias("退款时间"),
    )  # fmt: skip
    made = _gifts(before, day, rows - again.height, seed)
    path = landing / SOURCE / f"{day:%Y%m%d}" / f"合成数据_捐款订单_{day:%Y%m%d}_p01.csv"
    path.parent.mkdir(exist_ok=True)
    table = pl.concat([made, again.select(COLUMNS)])
    path.write_text(f"{_NOTICE}\n{table.write_csv()}", encoding="utf-8")
    _date(path, datetime(day.year, day.month, day.day, 4, tzinfo=BEIJING) + timedelta(days=1))
    fen = (again["捐款金额"].cast(pl.Decimal(18, 2)) * 100).cast(pl.Int64).sum()
    return made.height, int(fen)


def _gifts(before: pl.DataFrame, day: date, n: int, seed: int) -> pl.DataFrame:
    """New synthetic orders to existing projects, two thirds of them by existing donors."""
    draw = np.random.default_rng(seed)
    like = before.filter(pl.col("支付状态") == "支付成功")
    like = like[draw.integers(0, like.height, n)]
    fen = pl.Series(np.maximum(1, np.exp(draw.normal(6.5, 1.4, n)).astype(np.int64)))
    fen = fen.clip(1, 500_000)
    second = pl.Series(draw.integers(0, 86_400, n))
    donor = pl.Series(draw.integers(0, 1_000_000, n) + 9_000_000_000).cast(pl.String)
    is_new = pl.Series(draw.random(n) < 1 / 3)
    at = pl.lit(f"{day} 00:00:00").str.to_datetime() + pl.duration(seconds=pl.lit(second))
    cents = (pl.lit(fen) % 100).cast(pl.String).str.zfill(2)
    return like.with_columns(
        pl.format("9920{}9{}", pl.lit(f"{day:%Y%m%d}"),
                  pl.int_range(n).cast(pl.String).str.zfill(12)).alias("订单号"),
        pl.format("{}.{}", pl.lit(fen) // 100, cents).alias("捐款金额"),
        at.dt.strftime("%Y-%m-%d %H:%M:%S").alias("支付时间"),
        pl.lit("单笔捐").alias("捐款方式"), pl.lit("否").alias("是否匿名"),
        pl.lit(None, pl.String).alias("一起捐队伍编号"), pl.lit(None, pl.String).alias("手机号"),
        *(pl.lit(None, pl.String).alias(c) for c in ("退款金额", "退款时间")),
        pl.when(pl.lit(is_new)).then(pl.lit("SYNU") + pl.lit(donor)).otherwise("捐款人ID")
        .alias("捐款人ID"),
        pl.when(pl.lit(is_new)).then(pl.lit("合成用户") + pl.lit(donor)).otherwise("捐款人昵称")
        .alias("捐款人昵称"),
    ).select(COLUMNS)  # fmt: skip


def restate_last_day(landing: Path) -> tuple[int, int, int]:
    """Delivers every file of the last day again under its name, one gift in it a yuan more.

    Returns the lines delivered, the files, and the fen by which the gifts must grow.
    """
    last, files = _last_day(landing)
    changes = landing / SOURCE / f"{last + timedelta(days=1):%Y%m%d}"
    changed_later = b"".join(p.read_bytes() for p in changes.glob("*状态变更*"))
    grown = 0
    for file in files:
        path = landing / file["path"]
        was = path.stat().st_mtime
        data = _unpacked(path)
        changed = _one_yuan_more(
            data, file["encoding"], changed_later, is_json=".jsonl" in path.name
        )
        grown += 100
        path.unlink()  # a link: the sample keeps its own
        path.write_bytes(_packed(path, changed))
        _date(path, datetime.fromtimestamp(was, BEIJING) + timedelta(days=2))
    return sum(f["rows"]["read"] for f in files), len(files), grown


def _one_yuan_more(data: bytes, encoding: str, not_of: bytes, *, is_json: bool) -> bytes:
    """`data` with one yuan more in a plain paid order that `not_of` does not contain."""
    if is_json:
        lines = data.split(b"\n", 10)
        order = json.loads(lines[9])
        order["money"] += 100
        lines[9] = json.dumps(order, ensure_ascii=False, separators=(",", ":")).encode()
        return b"\n".join(lines)
    lines = data.split(b"\n", 40)
    headings = lines[1].decode(encoding).strip().split(",")
    amount = next(i for i, h in enumerate(headings) if h.startswith(("捐款金额", "捐赠金额")))
    status = next(i for i, h in enumerate(headings) if h in ("支付状态", "订单状态"))
    for at in range(11, 40):
        ending = "\r" if lines[at].endswith(b"\r") else ""
        cells = next(csv.reader([lines[at].decode(encoding).rstrip("\r")]))
        plain = cells[status] == "支付成功" and cells[amount].replace(".", "").isdigit()
        if plain and cells[0].isdigit() and cells[0].encode() not in not_of:
            yuan, _, cents = cells[amount].partition(".")
            cells[amount] = f"{int(yuan) + 1}.{cents}"
            out = io.StringIO()
            csv.writer(out, lineterminator=ending).writerow(cells)
            lines[at] = out.getvalue().encode(encoding)
            return b"\n".join(lines)
    raise BenchmarkFailed("no plain paid order among the first lines of a file to restate")


def _unpacked(path: Path) -> bytes:
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as packed:
            return packed.read(packed.namelist()[0])
    return path.read_bytes()


def _packed(path: Path, data: bytes) -> bytes:
    if path.suffix == ".gz":
        return gzip.compress(data, mtime=0)
    if path.suffix == ".zip":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(path.stem, data)
        return out.getvalue()
    return data


def _date(path: Path, at: datetime) -> None:
    os.utime(path, (at.timestamp(), at.timestamp()))


def _published(warehouse: Path) -> tuple[int, int, int]:
    """Gifts, fen paid and fen refunded in the published file."""
    with duckdb.connect(str(warehouse / "juandi.duckdb"), read_only=True) as db:
        found = db.execute(
            "select count(*), sum(amount_cny * 100)::bigint, sum(refunded_cny * 100)::bigint"
            " from star.fact_donation"
        ).fetchone()
    return found or (0, 0, 0)


def _figures(run: Measured, outcome: dict[str, Any], rows: int) -> dict[str, Any]:
    return {
        "wall_s": round(run.wall_s, 2), "peak_gb": round(run.peak_gb, 3), "rows": rows,
        "cpu_s": round(run.cpu_s, 2), "disk_gb": round(run.disk_gb, 3), "phases": phases(outcome),
    }  # fmt: skip


def nights(
    landing: Path, warehouse: Path, rows: int, cold: Measured, cold_rows: int
) -> dict[str, Any]:
    """Runs both refreshes; returns `night` and `restated`.

    Raises BenchmarkFailed if the published file does not show exactly what landed.
    """
    was = _published(warehouse)
    new, refunded = land_a_day(landing, rows)
    run, outcome = run_juandi(landing, warehouse, fresh=False)
    now = _published(warehouse)
    if (now[0] - was[0], now[2] - was[2]) != (new, refunded):
        raise BenchmarkFailed(
            f"after the night {now[0] - was[0]} gifts and {now[2] - was[2]} fen of refunds more,"
            f" not {new} and {refunded}"
        )
    result = {"night": _figures(run, outcome, rows)}
    lines, files, grown = restate_last_day(landing)
    run, outcome = run_juandi(landing, warehouse, fresh=False)
    then = _published(warehouse)
    if (then[0], then[1] - now[1]) != (now[0], grown):
        raise BenchmarkFailed(
            f"after the restated day {then[0] - now[0]} gifts and {then[1] - now[1]} fen more,"
            f" not 0 and {grown}"
        )
    result["restated"] = _figures(run, outcome, lines) | {
        "files": files, "share_of_cold_s": round(cold.wall_s * lines / cold_rows, 2)
    }  # fmt: skip
    return result
