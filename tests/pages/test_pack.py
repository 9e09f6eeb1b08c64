"""The evidence pack: whole, the same bytes each time, and nothing in it leads elsewhere."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from starlette.testclient import TestClient
from typer.testing import CliRunner

from pages.data import Releases
from pages.pack import pack
from pages.words import catalogue
from pipelines.cli.main import app
from pipelines.settings import Settings
from tests.pages.conftest import PageReader

Ask = Callable[..., list[dict[str, Any]]]
CAMPAIGN, CHAIN = "scsl-2024", "scsl-2024-6"
URL = f"/export/pack.zip?campaign={CAMPAIGN}"


def unpacked(client: TestClient) -> dict[str, bytes]:
    answer = client.get(URL)
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_holds_all_records_gaps_and_sources(client: TestClient, mart: Ask) -> None:
    """As many as the release has of the chain; figures of the index are the marts'."""
    found = unpacked(client)
    records = list(csv.reader(io.StringIO(found["records.csv"].decode("utf-8-sig"))))
    (count,) = mart("select count(*) as n from star.fact_review_event where chain_id = ?", CHAIN)
    assert len(records) - 1 == count["n"]
    assert records[0][-2:] == ["来源文件", "行号"]
    gaps = openpyxl.load_workbook(io.BytesIO(found["gaps.xlsx"]))
    (count,) = mart("select count(*) as n from marts.audit_gaps where chain_id = ?", CHAIN)
    assert sum(sheet.max_row - 1 for sheet in gaps.worksheets[2:]) == count["n"]
    sources = found["sources.csv"].decode("utf-8-sig")
    files = mart(
        "select sha256 from ops.load_audit where source_file_id in"
        " (select source_file_id from star.fact_review_event where chain_id = ?)",
        CHAIN,
    )
    assert files
    assert all(row["sha256"] in sources for row in files)
    index = PageReader(found["index.html"].decode("utf-8"))
    subjects = mart("from marts.audit_subjects where chain_id = ?", CHAIN)
    assert len(index.tables["matrix"].rows) == len(subjects)
    levels = mart("from marts.audit_completeness where chain_id = ? order by level_no", CHAIN)
    at = index.tables["levels"].columns.index("subjects_passed")
    passed = [row[at] for row in index.tables["levels"].rows]
    assert passed == [f"<{row['subjects_passed']}>{row['subjects_passed']}" for row in levels]


def test_the_manifest_has_the_hash_of_each_file(client: TestClient, mart: Ask) -> None:
    found = unpacked(client)
    told = json.loads(found.pop("manifest.json"))
    (release,) = mart("from ops.releases")
    assert told["release"] == release["release_id"]
    assert told["content_hash"] == release["content_hash"]
    assert told["files"] == {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        for name, content in sorted(found.items())
    }


def test_the_same_release_gives_the_same_pack(client: TestClient, some: Settings) -> None:
    """Twice over HTTP, and in another process's words: the command writes these bytes too."""
    assert client.get(URL).content == client.get(URL).content
    releases = Releases(some)
    with releases.reader() as reader:
        assert dict(pack(reader, catalogue("zh"), CAMPAIGN)) == unpacked(client)
    releases.close()


def test_nothing_in_it_leads_elsewhere(client: TestClient) -> None:
    """Its links are its own files; no script, no address of a server."""
    found = unpacked(client)
    text = found["index.html"].decode("utf-8")
    links = re.findall(r'(?:href|src)="([^"]*)"', text)
    assert set(links) <= set(found)
    assert "<script" not in text


def test_the_command_writes_it(client: TestClient, some: Settings, tmp_path: Path) -> None:
    """Into a new folder; never over what is there."""
    out = tmp_path / "pack"
    command = ["audit", "export", "--campaign", CAMPAIGN, "--out", str(out)]
    command += ["--warehouse", str(some.warehouse)]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    assert {p.name: p.read_bytes() for p in out.iterdir()} == unpacked(client)
    again = CliRunner().invoke(app, command)
    assert again.exit_code != 0
    assert "不是空目录" in str(again.exception)


def test_campaigns_without_a_chain_have_none(client: TestClient) -> None:
    for campaign in ("99-2020", "none", "", "' OR 1=1 --"):
        answer = client.get("/export/pack.zip", params={"campaign": campaign})
        assert answer.status_code == 400
