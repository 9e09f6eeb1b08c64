"""Gift files as PyArrow tables of text with pseudonyms, for the Python peers.

Only the standard library and PyArrow. The columns are the same for every form of file; donors'
names and ids go no further than this module, which returns a pseudonym and a kind.
"""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv

from benchmarks.giving import known_files
from benchmarks.giving.known_files import CHANNELS, HEADINGS, SOURCE

BLOCK = 16 * 1024 * 1024
JSON_ROWS = 200_000
_KEPT = [n for n in HEADINGS if n not in ("donor_id", "donor_name")]
SCHEMA = pa.schema(
    [(n, pa.string()) for n in [*_KEPT, "donor_key", "donor_kind"]]
    + [("file_no", pa.int32()), ("row_no", pa.int64()), ("export_date", pa.date32())]
)


def gift_tables(landing: Path) -> Iterator[pa.Table]:
    """Every gift file, as tables of some hundred thousand rows."""
    key = os.environ["JUANDI_PSEUDONYM_KEY"].encode()
    for number, _, path, day in known_files.paths(landing):
        row = 0
        for raw in _json(path) if ".jsonl" in path.name else _csv(path):
            yield _finished(raw, key, number, row, day)
            row += raw.num_rows


def _csv(path: Path) -> Iterator[pa.Table]:
    with known_files.opened(path) as first:
        first.readline()
        line = first.readline()
    encoding = known_files.encoding_of(line)
    names = known_files.names_of(line.decode(encoding).strip().split(","))
    with known_files.opened(path) as raw:
        reader = csv.open_csv(
            raw,
            csv.ReadOptions(block_size=BLOCK, skip_rows=2, column_names=names, encoding=encoding),
            csv.ParseOptions(invalid_row_handler=lambda _: "skip"),
            csv.ConvertOptions(
                column_types={n: pa.string() for n in names}, strings_can_be_null=True,
                include_columns=[n for n in names if n in HEADINGS],
            ),
        )  # fmt: skip
        for batch in reader:
            yield pa.Table.from_batches([batch])


def _json(path: Path) -> Iterator[pa.Table]:
    names = ("order_no", "project_no", "amount", "paid_at", "status")
    with known_files.opened(path) as raw:
        while lines := list(islice(raw, JSON_ROWS)):
            columns: list[list[str]] = [[], [], [], [], []]
            for line in lines:
                try:
                    order = json.loads(line)
                    cents = int(order["money"])
                except ValueError:  # cut in two, or words for an amount
                    continue
                columns[0].append(order["transcode"])
                columns[1].append(order["pid"])
                columns[2].append(f"{cents // 100}.{cents % 100:02d}")
                columns[3].append(order["trans_time"][:19].replace("T", " "))
                columns[4].append("支付成功" if order["trans_state"] == 11 else "待支付")
            yield pa.table(dict(zip(names, columns, strict=True)))


def _finished(raw: pa.Table, key: bytes, number: int, row: int, day: date) -> pa.Table:
    height = raw.num_rows
    none = pa.nulls(height, pa.string())
    columns = {n: raw[n] if n in raw.column_names else none for n in _KEPT}
    if "donor_id" in raw.column_names:
        ids = pc.dictionary_encode(raw["donor_id"].combine_chunks())
        keys = [
            hmac.digest(key, f"{SOURCE}:donor_id:{one}".encode(), "sha256").hex()[:32]
            for one in ids.dictionary.to_pylist()
        ]
        columns["donor_key"] = pa.array(keys, pa.string()).take(ids.indices)
        company = pc.fill_null(pc.match_substring(raw["donor_name"], "公司"), False)
        columns["donor_kind"] = pc.if_else(company, "organization", "person")
    else:
        columns["donor_key"] = none
        columns["donor_kind"] = pa.array(["anonymous"]).take(pa.array([0] * height))
    columns["file_no"] = pa.array([number] * height, pa.int32())
    columns["row_no"] = pa.array(range(row, row + height), pa.int64())
    columns["export_date"] = pa.array([day] * height, pa.date32())
    return pa.table(columns).select(SCHEMA.names).cast(SCHEMA)


def project_rows(landing: Path) -> list[dict[str, str | None]]:
    """Projects of the last export: number, name, initiator and region."""
    last = max((landing / "tencent_projects").glob("*.jsonl"))
    with last.open(encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    return [
        {
            "project_no": p["project_no"], "name": p["name"], "initiator_uscc": p["org_uscc"],
            "initiator_name": p["org_name"], "region_code": p["region_code"],
        }
        for p in found
    ]  # fmt: skip


def band_rows() -> list[dict[str, str]]:
    """region_code and latest band3 of every region code."""
    import csv as plain

    path = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds" / "regions.csv"
    with path.open(encoding="utf-8") as lines:
        rows = sorted(plain.DictReader(lines), key=lambda r: int(r["valid_from_year"]))
    return [
        {"region_code": code, "band3": band}
        for code, band in {r["region_code"]: r["band3"] for r in rows}.items()
    ]


def channel_rows() -> list[dict[str, str]]:
    """name_zh and channel_id of every giving tool."""
    return [{"name_zh": zh, "channel_id": one} for zh, one in CHANNELS.items()]
