"""The same arguments, the same bytes; marked as synthetic; nobody's data; refusals of misuse."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from sample import Faults, Manifest, SampleFile, generate
from sample.file_faults import tiny_png

Made = tuple[Path, Manifest]
LEVELS: tuple[Faults, ...] = ("none", "some", "many")


def _prints(folder: Path) -> dict[str, tuple[str, int]]:
    return {
        p.relative_to(folder).as_posix(): (
            hashlib.sha256(p.read_bytes()).hexdigest(),
            0 if p.name == "manifest.json" else p.stat().st_mtime_ns,
        )
        for p in folder.rglob("*") if p.is_file()
    }  # fmt: skip


@pytest.mark.parametrize("faults", ["none", "many"])
def test_same_arguments_same_bytes_and_times(
    tmp_path: Path, sample: Callable[[Faults], Made], faults: Faults
) -> None:
    generate(tmp_path, scale=0.01, faults=faults)
    assert _prints(tmp_path) == _prints(sample(faults)[0])


def test_another_seed_gives_other_gifts(tmp_path: Path, sample: Callable[[Faults], Made]) -> None:
    other = generate(tmp_path, scale=0.01, seed=7, faults="none")
    before = sample("none")[1]
    gifts = {f.sha256 for f in other.files if f.source == "tencent_donations"}
    assert gifts.isdisjoint(f.sha256 for f in before.files)
    assert other.totals["gross_fen"] == before.totals["gross_fen"]


def test_faults_never_change_the_clean_population(sample: Callable[[Faults], Made]) -> None:
    none, some, many = (sample(level)[1].totals for level in LEVELS)
    assert none == some == many


def test_every_file_says_it_is_synthetic(sample: Callable[[Faults], Made]) -> None:
    for level in LEVELS:
        out, manifest = sample(level)
        assert manifest.synthetic
        for facts in manifest.files:
            told = facts.path.rpartition("/")[2]
            if told.startswith("五篇文章"):  # what five articles print: facts, with their source
                assert facts.source in ("published_claims", "claim_checks")
                continue
            assert "合成数据" in told or "synthetic" in told.lower(), facts.path
            if facts.status == "loaded" and facts.dialect.startswith("csv"):
                assert "合成数据" in _head(out / facts.path, facts.encoding), facts.path
            if facts.status == "loaded" and facts.dialect == "xlsx":
                sheet = openpyxl.load_workbook(out / facts.path).worksheets[0]
                assert "合成数据" in str(sheet["A1"].value), facts.path


def _head(path: Path, encoding: str) -> str:
    data = path.read_bytes()
    if path.suffix == ".zip":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            data = packed.read(packed.namelist()[0])
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    head = data[:400].decode(encoding, errors="ignore")
    return head if path.suffix != ".gz" else head + "合成数据"  # JSON lines: the name says it


def test_times_are_fixed_and_in_order_of_delivery(sample: Callable[[Faults], Made]) -> None:
    out, manifest = sample("many")
    assert {p.stat().st_mtime_ns % 1_000_000_000 for p in out.rglob("*/*") if p.is_file()} == {0}
    # annual reports, and the register that they meet, are of earlier years too
    earlier = {"org_annual_reports": "2021-", "organizations": "2019-"}
    for f in manifest.files:
        if f.partition != "2099-12-31":
            assert earlier.get(f.source, "2024-") <= f.modified_at < "2025-", f.path
    replaced = {p.path for p in manifest.planted if p.kind == "replaced_file"}
    for old in map(manifest.file, sorted(map(str, replaced))):
        new = _replacement(manifest, old)
        assert old.modified_at < new.modified_at


def _replacement(manifest: Manifest, old: SampleFile) -> SampleFile:
    stem = old.path.removesuffix(".csv")
    return next(f for f in manifest.files if f.path.startswith(stem) and f.path != old.path)


def test_no_telephone_number_could_be_somebodys(full: Made) -> None:
    out, manifest = full
    mobile = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
    seen = 0
    for facts in manifest.files:
        if facts.source == "tencent_donations" and facts.dialect.startswith("csv"):
            text = (out / facts.path).read_bytes().decode(facts.encoding)
            assert not mobile.search(re.sub(r"(?<=,)1099\d{7}(?=,)", "", text))
            seen += text.count(",12000")
    assert seen > 10_000


def test_misuse_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"scsl-2024.*99-2020"):
        generate(tmp_path / "a", campaign="nowhere")
    with pytest.raises(ValueError, match="too small"):
        generate(tmp_path / "b", scale=0.0001)
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "mine.csv").write_text("x", encoding="utf-8")
    with pytest.raises(FileExistsError, match="not empty"):
        generate(tmp_path / "c", scale=0.01)
    assert [p.name for p in (tmp_path / "c").iterdir()] == ["mine.csv"]


def test_the_second_campaign_keeps_its_own_figures(tmp_path: Path) -> None:
    manifest = generate(tmp_path, campaign="99-2020", scale=0.0005, faults="none")
    assert manifest.totals["gifts"] == 27_974
    assert manifest.totals["gross_fen"] == 113_250_000
    assert {f.source for f in manifest.files} == {
        "tencent_donations", "tencent_projects", "organizations", "campaigns",
        "campaign_entries", "tencent_matching", "tencent_behaviors", "published_claims",
        "claim_checks",
    }  # fmt: skip
    matched = sum(f.rows.fen_loaded for f in manifest.files if f.source == "tencent_matching")
    assert matched == 39_900_000_000 // 2000  # 2.99亿 and 1亿 yuan, at this scale


def test_the_picture_is_a_picture() -> None:
    assert tiny_png().startswith(b"\x89PNG")
    assert tiny_png()[-8:-4] == b"IEND"
