"""Reads one mutant as the night does, holds it against the oracle, and makes what fails small.

The load stage itself is called, with a receipt made by hand; catalogue and landing have no part.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import resource
import shutil
import time
import traceback
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import xlsxwriter

from pipelines.settings import BEIJING, load_settings
from pipelines.sources import SOURCES
from pipelines.stages.load.read_file import load_receipt
from pipelines.stages.receive.pull import archived
from pipelines.stages.store.receipts import Outcome, Receipt
from pipelines.stages.store.zones import lake_folder, quarantine_folder
from tests.fuzz import oracle
from tests.fuzz.counted import ENDS
from tests.fuzz.layouts import LAYOUTS
from tests.fuzz.mutations import mutate
from tests.fuzz.writers import Document, bytes_of, delimited, document

#: Each is read in a process of its own, which takes a hundred times as long as text.
WORKBOOKS = 0.01
_CAME = datetime(2024, 8, 3, 3, tzinfo=BEIJING)


@dataclass(frozen=True)
class Result:
    """What reading a file gave; `error` is the trace of what was raised, if anything was."""

    outcome: Outcome
    lake: list[dict[str, Any]]
    refused: list[dict[str, Any]]
    error: str = ""
    seconds: float = 0.0  # of processor time
    grown: int = 0  # MiB beyond the most memory that this process had before


class Warehouse:
    """A warehouse of one file at a time."""

    def __init__(self, root: Path) -> None:
        self.settings = load_settings(root / "warehouse", root / "landing", env={})
        self.settings.build.mkdir(parents=True, exist_ok=True)

    def read(self, source: str, name: str, data: bytes) -> Result:
        """The file's outcome and rows; nothing of it is left behind."""
        sha = hashlib.sha256(data).hexdigest()
        day = date(2024, 8, 2) if SOURCES[source].dated or "2024" in name else None
        receipt = Receipt(1, source, name, f"{source}/{name}", sha, len(data), _CAME, _CAME, day)
        path = archived(self.settings, receipt)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        begun, peak = time.process_time(), _peak()
        try:
            outcome = load_receipt(self.settings, SOURCES[source], receipt, "a-key")
            spent = time.process_time() - begun
            good = outcome.rows_loaded and lake_folder(self.settings, receipt, outcome.partition)
            bad = quarantine_folder(self.settings, receipt)
            return Result(outcome, _rows(good or None), _rows(bad), "", spent, _peak() - peak)
        except Exception:  # noqa: BLE001 - whatever a mutant raises is what we are looking for
            return Result(Outcome(), [], [], traceback.format_exc())
        finally:
            path.unlink()
            for zone in (self.settings.lake, self.settings.quarantine):
                shutil.rmtree(zone, ignore_errors=True)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _rows(folder: Path | None) -> list[dict[str, Any]]:
    if folder is None or not folder.exists():
        return []
    return [
        row for part in sorted(folder.glob("*.parquet")) for row in pl.read_parquet(part).to_dicts()
    ]


@dataclass(frozen=True)
class Finding:
    """A mutant that came out wrong. `data` is the smallest file found that still does."""

    source: str
    seed: int
    chain: tuple[str, ...]
    kind: str
    detail: str
    name: str
    data: bytes
    encoding: str

    def __str__(self) -> str:
        shown = self.data[:3000]
        return (
            f"{self.source} seed {self.seed} {'+'.join(self.chain)}\n"
            f"  {self.kind}: {self.detail}\n"
            f"  {self.name}: {shown!r}\n"
            f"  {shown.decode(self.encoding, errors='replace')!r}"
        )


def sheet(data: bytes) -> bytes:
    """A workbook whose rows are the lines of `data`, in UTF-8 with tabs; amounts are numbers."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for i, line in enumerate(ENDS.split(data.decode(errors="replace"))):
            for j, text in enumerate(line.split("\t")):
                write = (
                    page.write_number if re.fullmatch(r"\d{1,7}\.\d\d", text) else page.write_string
                )
                write(i, j, float(text) if write == page.write_number else text)
    return out.getvalue()


def packed(name: str, data: bytes, way: str) -> tuple[str, bytes]:
    """The file as it is, gzipped, in a zip, or its lines as the rows of a sheet."""
    if way == "xlsx":
        return f"{name.removesuffix('.csv')}.xlsx", sheet(data)
    if way == "gz":
        return f"{name}.gz", gzip.compress(data, mtime=0)
    if way == "zip":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
            box.writestr(zipfile.ZipInfo(name), data)
        return f"{name}.zip", out.getvalue()
    return name, data


def try_seed(warehouse: Warehouse, source: str, seed: int) -> Finding | None:
    """The mutant of this seed: None if all is well with it."""
    rng = Random(f"{source}:{seed}")
    doc = document(source, rng)
    if rng.random() < 0.04:
        return _damaged_box(warehouse, doc, seed, rng)
    way = rng.choice([""] * 18 + ["gz", "zip"])
    if rng.random() < WORKBOOKS:
        way, doc = "xlsx", delimited(LAYOUTS[source], rng, 6, "sheet")
    view, chain = mutate(doc, rng)

    def wrong(tried: str) -> oracle.Wrong | None:
        name, data = packed(doc.name, bytes_of(tried, doc.encoding), way)
        return oracle.judge(doc, tried, warehouse.read(source, name, data))

    found = wrong(view)
    if found is None:
        return None
    small, found = _smallest(view, found, wrong)
    if way:
        chain = (way, *chain)
    return Finding(
        source, seed, chain, *found, doc.name, bytes_of(small, doc.encoding), doc.encoding
    )


def _smallest(
    view: str, found: oracle.Wrong, wrong: Callable[[str], oracle.Wrong | None]
) -> tuple[str, oracle.Wrong]:
    """`view` without the lines that its fault does not need, and what is then wrong."""
    lines = re.findall(r"[^\r\n]*(?:\r\r\n|\r\n|\n|\r)|[^\r\n]+$", view)
    size = len(lines) // 2
    while size:
        at = 0
        while at < len(lines):
            fewer = lines[:at] + lines[at + size :]
            told = wrong("".join(fewer))
            if told and told.kind == found.kind:
                lines, found = fewer, told
            else:
                at += size
        size //= 2
    return "".join(lines), found


def _damaged_box(warehouse: Warehouse, doc: Document, seed: int, rng: Random) -> Finding | None:
    """A packed file with bytes of the container damaged: refused, or every row as it was."""
    name, data = packed(doc.name, bytes_of(doc.view, doc.encoding), rng.choice(["gz", "zip"]))
    body = bytearray(data)
    for _ in range(rng.choice([1, 1, 3])):
        body[rng.randrange(len(body))] = rng.randrange(256)
    if rng.random() < 0.2:
        del body[rng.randrange(len(body)) :]
    found = oracle.judge(doc, doc.view, warehouse.read(doc.layout.source, name, bytes(body)))
    if found is None or found.kind in oracle.OVERCAUTIOUS:
        return None
    return Finding(doc.layout.source, seed, ("container",), *found, name, bytes(body), "latin-1")
