"""Damaged files read in stretches of a few lines: as if read in one piece, or not joined at all.

Both read pieces of a few hundred bytes, so that every kind of damage lies at the border of a piece
in one file or another: rows, lines, verdicts and every figure of the outcome have to be the same.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest

from pipelines.reading import delimited
from pipelines.settings import BEIJING, Settings, load_settings
from pipelines.sources import SOURCES
from pipelines.stages.load import stretches
from pipelines.stages.load.executor import Threads
from pipelines.stages.load.read_file import FileRead, Handed, LinesDecided, read_handed
from pipelines.stages.receive.pull import archived
from pipelines.stages.store.receipts import Receipt
from pipelines.stages.store.zones import lake_folder, quarantine_folder
from tests.fuzz import writers
from tests.fuzz.layouts import LAYOUTS
from tests.fuzz.mutations import mutate
from tests.stages.landings import row, table

_CAME = datetime(2024, 8, 3, 3, tzinfo=BEIJING)
_MUTANTS = 2
GIFTS = "tencent_donations"


def handed(settings: Settings, source: str, name: str, data: bytes) -> Handed:
    """A file of these bytes, received."""
    sha = hashlib.sha256(data).hexdigest()
    day = date(2024, 8, 2) if SOURCES[source].dated else None
    receipt = Receipt(1, source, name, f"{source}/{name}", sha, len(data), _CAME, _CAME, day)
    path = archived(settings, receipt)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return Handed(settings, receipt, "k" * 32, LinesDecided())


def found(file: Handed, read: FileRead) -> dict[str, Any]:
    """The outcome and every row in the order of the file; all is taken away."""
    outcome, settings = read.outcome, file.settings
    folders = {"refused": quarantine_folder(settings, file.receipt)}
    if outcome.rows_loaded:
        folders["lake"] = lake_folder(settings, file.receipt, outcome.partition)
    rows = {
        zone: [
            row for part in sorted(folder.glob("*.parquet")) for row in pl.read_parquet(part).rows()
        ]
        for zone, folder in folders.items()
    }
    for zone in (settings.lake, settings.quarantine):
        shutil.rmtree(zone, ignore_errors=True)
    return {**asdict(replace(outcome, loaded_at="")), **rows}


def same_in_stretches(file: Handed) -> bool:
    """True if the file was joined of stretches; fails if that gave anything else than one piece."""
    whole = found(file, read_handed(file))
    joined = stretches.read_in_stretches(file, Threads())
    if joined is None:
        return False
    assert found(file, joined) == whole
    return True


def small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, head: int, block: int, pieces: int
) -> Settings:
    """Stretches of about so many pieces of `block` bytes; the heading is looked for in `head`."""
    monkeypatch.setattr(delimited, "HEAD_BYTES", head)
    monkeypatch.setattr(stretches, "STRETCH", 1 + block * (pieces - 1))
    return replace(load_settings(tmp_path, env={}), block_bytes=block)


def tried(
    source: str, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_json: bool
) -> bool:
    """Reads a mutant of some thirty rows or more both ways; True if it was joined."""
    rng = Random(f"stretches:{source}:{seed}")
    rows = rng.choice([30, 60])
    if is_json:
        doc = writers.objects(LAYOUTS[source], rng, rows)
        head = block = max(map(len, doc.view.split(doc.newline))) + rng.choice([10, 500])
    else:
        doc = writers.delimited(LAYOUTS[source], rng, rows)
        head = sum(map(len, doc.before)) + len(doc.heading) + 40
        block = rng.choice([120, 300, 900])
    view = mutate(doc, rng)[0] if seed else doc.view
    settings = small(tmp_path, monkeypatch, head, block, rng.choice([1, 2, 3]))
    return same_in_stretches(
        handed(settings, source, doc.name, writers.bytes_of(view, doc.encoding))
    )


@pytest.mark.parametrize("is_json", [False, True], ids=["delimited", "json"])
@pytest.mark.parametrize("source", LAYOUTS)
def test_a_mutant_in_stretches_is_as_in_one_piece(
    source: str, is_json: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    joined = seed = 0
    while seed < _MUTANTS or (not joined and seed < 10 * _MUTANTS):  # some have to be joined
        joined += tried(source, seed, tmp_path, monkeypatch, is_json=is_json)
        seed += 1
    assert joined


def test_a_line_end_held_back_at_the_end_of_a_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a character before a digit and the line end that is a piece's last byte: in GB18030 a
    fourth byte decides what they are, and that one is the next piece's."""
    rows = [row(GIFTS, 订单号=f"{10**19 + n}") for n in range(40)]
    lines = table(rows, "gb18030").splitlines(keepends=True)
    for hit in (7, 12):
        upto = b"".join(lines[: hit + 1]).removesuffix(b"\n")
        upto += b" " * (1 - len(upto) % 2) + b"\x810\n"
        # the first piece is what was read for the heading and a block more
        settings = small(tmp_path, monkeypatch, len(lines[0]), len(upto) // 2, pieces=3)
        text = upto + b"".join(lines[hit + 1 :])
        assert not same_in_stretches(handed(settings, GIFTS, "gifts_20240802.csv", text))
