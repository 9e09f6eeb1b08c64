"""The manifest against the bytes: files, rows and planted lines counted again."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from sample import Faults, Manifest, SampleFile

Made = tuple[Path, Manifest]
LEVELS = ["none", "some", "many"]


def _texts(path: Path, facts: SampleFile) -> list[str]:
    """The file's text, or that of each member of an archive."""
    data = [path.read_bytes()]
    if path.suffix == ".zip":
        with zipfile.ZipFile(io.BytesIO(data[0])) as packed:
            data = [packed.read(name) for name in packed.namelist()]
    elif path.suffix == ".gz":
        data = [gzip.decompress(data[0])]
    return [d.decode(facts.encoding).removeprefix("\ufeff") for d in data]


def _tables(out: Path, facts: SampleFile) -> list[dict[int, str]]:
    """First line → record of each table, titles and heading included."""
    path = out / facts.path
    if facts.dialect == "xlsx":
        sheet = openpyxl.load_workbook(path).worksheets[0]
        rows = enumerate(sheet.iter_rows(values_only=True), 1)
        return [{n: "\t".join("" if c is None else str(c) for c in row) for n, row in rows}]
    texts = _texts(path, facts)
    if ".json" in path.name:
        return [dict(enumerate(text.splitlines(), 1)) for text in texts]
    return [_csv_records(text, facts) for text in texts]


def _csv_records(text: str, facts: SampleFile) -> dict[int, str]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=facts.dialect.split("'")[1]
                        if "\\t" not in facts.dialect else "\t")  # fmt: skip
    records, begin = {}, 1
    for cells in reader:
        records[begin] = "\t".join(cells)
        begin = reader.line_num + 1
    return records


@pytest.mark.parametrize("faults", LEVELS)
def test_it_lists_exactly_the_files_that_are_there(
    sample: Callable[[Faults], Made], faults: Faults
) -> None:
    out, manifest = sample(faults)
    there = {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()}
    assert there == {f.path for f in manifest.files} | {"manifest.json"}
    for facts in manifest.files:
        data = (out / facts.path).read_bytes()
        assert (facts.bytes, facts.sha256) == (len(data), hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize("faults", LEVELS)
def test_rows_counted_again(sample: Callable[[Faults], Made], faults: Faults) -> None:
    out, manifest = sample(faults)
    for facts in manifest.files:
        rows = facts.rows
        parts = rows.loaded + rows.quarantined + rows.duplicate + rows.superseded
        assert rows.read == parts, facts.path
        if not facts.dialect:
            continue
        counted = sum(_rows(list(t.values()), facts) for t in _tables(out, facts))
        assert counted == rows.read, facts.path


def _rows(records: list[str], facts: SampleFile) -> int:
    """How many records of a table are neither titles nor totals."""
    tops = 0
    if facts.dialect == "xlsx" or ".json" not in facts.path:
        keys = ("编号", "单号", "统一社会信用代码", "序号", "项目ID", "链", "时间", "交易号",
                "流水号", "类型", "代码")  # fmt: skip
        tops = next(i for i, r in enumerate(records, 1) if r.split("\t")[0].endswith(keys))
        # totals stand in `#` lines where a table has such, else in rows of their own
        notes = sum(r.startswith("#") for r in records[tops:])
        totals = sum(r.startswith("合计") for r in records[tops:]) if notes else facts.footer_rows
        tops += facts.repeated_headings + notes + totals
    return len(records) - tops


@pytest.mark.parametrize("faults", LEVELS)
def test_planted_lines_hold_what_they_say(sample: Callable[[Faults], Made], faults: Faults) -> None:
    out, manifest = sample(faults)
    looked = 0
    for planted in manifest.planted:
        if planted.level == "review":
            assert planted.path is None
            continue
        facts = manifest.file(str(planted.path))
        if not planted.lines or facts.status == "refused":
            continue
        records = _tables(out, facts)[0]
        for line in planted.lines:
            assert line in records, planted
            if planted.text:
                assert planted.text.strip("\t") in records[line].replace("\r\n", "\n"), planted
                looked += 1
            elif planted.key and planted.kind != "json_cut_in_two":
                assert planted.key in records[line], planted
                looked += 1
    assert looked >= {"none": 0, "some": 20, "many": 60}[faults]


def test_it_reads_back(sample: Callable[[Faults], Made]) -> None:
    out, manifest = sample("many")
    again = Manifest.read(out / "manifest.json")
    assert again == manifest
    assert json.loads((out / "manifest.json").read_text("utf-8"))["synthetic"] is True
    with pytest.raises(KeyError):
        manifest.file("nowhere.csv")
