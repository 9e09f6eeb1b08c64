"""Reads the campaign's gift files as fast as Polars can: typed orders, block by block.

No rule is checked and nothing is reported. A row that cannot be typed is dropped; files to
skip are a list. `bare` makes the fact from orders, `bare_dimensions` reads registers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import polars_hash as plh

from benchmarks.giving import known_files
from benchmarks.giving.known_files import CHANNELS, SOURCE

BLOCK = 32 * 1024 * 1024
_FULL_WIDTH = dict(zip("０１２３４５６７８９．", "0123456789.", strict=True))
_JSON = (
    r'^\{"transcode":"([^"]*)","pid":"([^"]*)","money":(\d+),'
    r'"trans_time":"([^"+]*)\+08:00","trans_state":(\d+)'
)


@dataclass(frozen=True)
class GiftFile:
    """A file of gifts; `number` is its place in the order of arrival."""

    path: Path
    number: int
    export_date: date
    file_id: str


def gift_files(landing: Path) -> list[GiftFile]:
    """The files to read, in order of arrival; their ids need a hash of the bytes."""
    files = []
    for number, name, path, day in known_files.paths(landing):
        with path.open("rb") as raw:
            sha256 = hashlib.file_digest(raw, "sha256").hexdigest()
        file_id = hashlib.sha256(f"{SOURCE}\n{name}\n{sha256}".encode()).hexdigest()[:16]
        files.append(GiftFile(path, number, day, file_id))
    return files


@dataclass(frozen=True)
class Block:
    """Whole lines of a file; `line` is the number of the first."""

    file: GiftFile
    data: bytes
    line: int
    headings: list[str] | None  # None: JSON lines
    encoding: str


def blocks(file: GiftFile) -> Iterator[Block]:
    """The file in blocks of whole lines, read once."""
    with known_files.opened(file.path) as raw:
        line, headings, encoding = 1, None, "utf-8"
        if ".jsonl" not in file.path.name:
            raw.readline()  # the title
            first = raw.readline()
            encoding = known_files.encoding_of(first)
            headings, line = first.decode(encoding).strip().split(","), 3
        rest = b""
        while read := raw.read(BLOCK):
            end = read.rfind(b"\n") + 1
            data, rest = rest + read[:end], read[end:]
            yield Block(file, data, line, headings, encoding)
            line += data.count(b"\n")
        if rest:
            yield Block(file, rest, line, headings, encoding)


def orders(block: Block, key: str) -> pl.DataFrame:
    """Typed orders of a block, whatever their status; a row per line that can be typed.

    order_no, project_no, paid_at, donor_key, donor_kind, donor_region, channel_id, team_id,
    campaign_id, fen, refunded (fen; null where unknown), is_paid, is_refunded, file, line.
    """
    frame = _from_json(block) if block.headings is None else _from_csv(block)
    alnum = pl.col("order_no").str.contains("^[0-9A-Za-z]{8,32}$")
    usual = pl.col("order_no").str.len_bytes() == 25
    frame = frame.filter(
        (usual | alnum)
        & (pl.col("fen") > 0)
        & (pl.col("refund").fill_null(0) <= pl.col("fen"))
        & (pl.col("paid_at") >= date(2007, 1, 1))
        & pl.col("status").is_between(0, 4)
    )
    hashed = (pl.lit(f"{SOURCE}:donor_id:") + pl.col("donor_id")).alias("who")
    keys = frame.select(hashed).select(plh.col("who").chash.hmac_sha256(key=key).str.head(32))
    refunded = (
        pl.when(pl.col("status") == 1)
        .then(pl.when(pl.col("refund") > 0).then("refund").otherwise("fen"))
        .when(pl.col("status") == 2)
        .then(pl.when(pl.col("refund") > 0).then("refund"))
        .otherwise("refund")
    )
    kind = (
        pl.when("is_company").then(pl.lit("organization"))
        .when(pl.col("donor_id").is_null()).then(pl.lit("anonymous"))
        .otherwise(pl.lit("person"))
    )  # fmt: skip
    return frame.select(
        "order_no", "project_no", "paid_at", keys.to_series().alias("donor_key"),
        kind.alias("donor_kind"), "donor_region", "channel_id", "team_id", "campaign_id", "fen",
        refunded.alias("refunded"), (pl.col("status") <= 2).alias("is_paid"),
        ((pl.col("status") != 0) | (refunded > 0).fill_null(value=False)).alias("is_refunded"),
        pl.lit(block.file.number, pl.Int32).alias("file"), "line",
    )  # fmt: skip


def _from_json(block: Block) -> pl.DataFrame:
    """Orders of JSON lines; their keys have a fixed order, so a pattern can read them."""
    none = pl.lit(None, pl.String)
    return (
        pl.scan_csv(
            b"all\n" + block.data, separator="\x01", quote_char=None, infer_schema=False,
            row_index_name="line", row_index_offset=block.line,
        )
        .select("line", pl.col("all").str.extract_groups(_JSON))
        .unnest("all")
        .select(
            pl.col("line").cast(pl.Int64),
            pl.col("1").alias("order_no"),
            pl.col("2").alias("project_no"),
            pl.col("3").cast(pl.Int64).alias("fen"),
            pl.col("4").str.to_datetime("%Y-%m-%dT%H:%M:%S").alias("paid_at"),
            pl.when(pl.col("5") == "11").then(0).otherwise(4).cast(pl.Int8).alias("status"),
            pl.lit(0, pl.Int64).alias("refund"),
            none.alias("donor_id"), none.alias("donor_region"), none.alias("team_id"),
            none.alias("campaign_id"), pl.lit("unknown").alias("channel_id"),
            pl.lit(value=False).alias("is_company"),
        )
        .collect()
    )  # fmt: skip


def _from_csv(block: Block) -> pl.DataFrame:
    """Orders of a CSV block.

    GB18030 is parsed bytewise: its second bytes are never a comma, quote or line break, and of the
    columns that are kept only a few known words are not ASCII.
    """
    gb = block.encoding == "gb18030"

    def word(text: str) -> str:
        return text.encode("gb18030").decode("latin-1") if gb else text

    data = block.data.decode("latin-1").encode() if gb else block.data
    names = known_files.names_of(block.headings or [])
    scan = pl.scan_csv(
        ",".join([*names, "more"]).encode() + b"\n" + data, infer_schema=False,
        truncate_ragged_lines=True, row_index_name="line", row_index_offset=block.line,
    )  # fmt: skip
    day = "%Y/%-m/%-d %H:%M:%S" if gb else "%Y-%m-%d %H:%M:%S"
    status = pl.col("status")
    frame = scan.select(
        pl.col("line").cast(pl.Int64), "project_no", "donor_id", "donor_region", "more",
        *(pl.col(n) if n in names else pl.lit(None, pl.String).alias(n)
          for n in ("team_id", "campaign_id")),
        pl.col("order_no").str.strip_chars("`'=\""),
        pl.col("amount").alias("amount_text"), pl.col("refund").alias("refund_text"),
        pl.col("paid_at").alias("paid_text"),
        _fen("amount").alias("fen"), _fen("refund").alias("refund"),
        pl.col("paid_at").str.to_datetime(day, strict=False),
        pl.when(status == word("支付成功")).then(0).when(status == word("已退款")).then(1)
        .when(status == word("部分退款")).then(2).when(status == word("支付失败")).then(3)
        .when(status == word("待支付")).then(4).otherwise(9).cast(pl.Int8).alias("status"),
        pl.col("channel").replace_strict(
            {word(k): v for k, v in CHANNELS.items()}, default="unknown"
        ).alias("channel_id"),
        # in these files only companies have 公司 in their names
        pl.col("donor_name").str.contains(word("公司"), literal=True).fill_null(value=False)
        .alias("is_company"),
    ).collect()  # fmt: skip
    return _odd(frame.filter(pl.col("more").is_null()), gb)


def _fen(column: str) -> pl.Expr:
    return (pl.col(column).cast(pl.Float64, strict=False) * 100).round().cast(pl.Int64)


def _odd(frame: pl.DataFrame, gb: bool) -> pl.DataFrame:
    """Reads the few values in other spellings: full-width, ￥, 2020年9月7日; no refund is 0."""

    def decoded(text: pl.Series) -> pl.Series:
        if not gb:
            return text
        return pl.Series(
            [t and t.encode("latin-1").decode("gb18030") for t in text], dtype=pl.String
        )

    for name, text in (("fen", "amount_text"), ("refund", "refund_text")):
        missing = frame[name].is_null() & frame[text].is_not_null()
        if missing.any():
            text_values = decoded(frame.filter(missing)[text]).str.replace_many(_FULL_WIDTH)
            text_values = text_values.str.replace_all("[￥¥,元]", "")
            fen = (text_values.cast(pl.Float64, strict=False) * 100).round().cast(pl.Int64)
            frame = frame.with_columns(frame[name].scatter(missing.arg_true(), fen))
    if (missing := frame["paid_at"].is_null()).any():
        text_values = decoded(frame.filter(missing)["paid_text"])
        moment = text_values.str.to_datetime("%Y年%-m月%-d日 %H:%M:%S", strict=False)
        frame = frame.with_columns(frame["paid_at"].scatter(missing.arg_true(), moment))
    # blank means no refund; text that is no amount stays null, as unknown
    blank = pl.col("refund_text").is_null()
    return frame.with_columns(pl.when(blank).then(0).otherwise("refund").alias("refund"))
