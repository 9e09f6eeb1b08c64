"""One large synthetic back-office export: the input of the loading benchmark."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

CHUNK = 500_000
COLUMNS = (
    *("订单号", "项目编号", "项目名称", "捐款金额", "捐款时间", "支付状态", "退款金额"),
    *("捐款方式", "捐款人ID", "捐款人昵称", "是否匿名", "捐款人地区代码", "活动编号"),
)


def write_gifts(path: Path, rows: int, encoding: str = "utf-8", seed: int = 1) -> None:
    """Writes `rows` synthetic gifts of 2024-08-02, about 130 bytes each, in constant memory."""
    draw = np.random.default_rng(seed)
    with path.open("w", encoding=encoding, newline="") as out:
        out.write(",".join(COLUMNS) + "\n")
        for start in range(0, rows, CHUNK):
            out.write(_chunk(draw, start, min(CHUNK, rows - start)).write_csv(include_header=False))


def _chunk(draw: np.random.Generator, start: int, n: int) -> pl.DataFrame:
    project = pl.Series(draw.integers(0, 2000, n))
    donor = pl.Series(draw.integers(0, 600_000, n))
    cents = pl.Series(np.maximum(1, np.exp(draw.normal(6.5, 1.6, n)).astype(np.int64)))
    second = pl.Series(draw.integers(0, 86_400, n))
    frame = pl.DataFrame({"i": np.arange(start, start + n), "p": project, "d": donor,
                          "fen": cents, "s": second})  # fmt: skip
    at = pl.lit("2024-08-02 00:00:00").str.to_datetime() + pl.duration(seconds=pl.col("s"))
    cells = (
        pl.format("1000042024080{}", pl.col("i").cast(pl.String).str.zfill(13)),
        (pl.col("p") + 200_000).cast(pl.String),
        pl.format("合成项目（第{}号）", "p"),
        pl.format(
            "{}.{}", pl.col("fen") // 100, (pl.col("fen") % 100).cast(pl.String).str.zfill(2)
        ),
        at.dt.strftime("%Y-%m-%d %H:%M:%S"),
        pl.lit("支付成功"),
        pl.lit("0.00"),
        pl.lit("单笔捐"),
        pl.format("syn{}", pl.col("d").cast(pl.String).str.zfill(9)),
        pl.format("合成捐款人{}", "d"),
        pl.when(pl.col("d") % 7 == 0).then(pl.lit("是")).otherwise(pl.lit("否")),
        pl.lit("510104"),
        pl.lit("scsl-2024"),
    )
    return frame.select(c.alias(n) for c, n in zip(cells, COLUMNS, strict=True))
