"""Corrections, waivers and restatements on the page of a line, each linked both ways."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from starlette.testclient import TestClient

from pages.app import create_app
from pages.web.paths import line_path, reference_path
from pages.web.visit import LANGUAGE_COOKIE
from pages.words import LANGUAGES, catalogue
from pipelines.settings import Settings, load_settings
from pipelines.tracing.references import reference_of
from tests.pages.conftest import PageReader

Ask = Callable[..., list[dict[str, Any]]]
AT = datetime(2024, 8, 6, 9, 0)
WHO, WHY, WAIVED = "核对人甲", "与平台核对过 <checked>", "测试订单，不入账"


@pytest.fixture(scope="module")
def decided(
    some: Settings, mart: Ask, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient, dict[str, Any], dict[str, Any]]]:
    """The sample's release in which a gift's line was corrected and a refused line was waived."""
    folder: Path = tmp_path_factory.mktemp("decided")
    file = folder / "juandi.duckdb"
    shutil.copyfile(some.published, file)
    for zone in ("archive", "lake", "quarantine"):
        (folder / zone).symlink_to(some.warehouse / zone)
    (gift,) = mart(
        "select f.*, a.source, a.file_name from star.fact_donation f join ops.load_audit a"
        " using (source_file_id) where a.source = 'tencent_donations' order by order_no limit 1"
    )
    (refused,) = mart("from ops.quarantine where state = 'open' order by quarantine_id limit 1")
    row = reference_of(gift["source_file_id"], None, gift["source_row"])
    with duckdb.connect(str(file)) as release:
        release.execute(
            "INSERT INTO ops.corrections BY NAME SELECT ? AS quarantine_id, ? AS source,"
            " ? AS file_name, ? AS source_file_id, 'amount;paid_at' AS corrected_columns,"
            " 'applied' AS state, ? AS state_reason, ? AS decided_by, ? AS decided_at,"
            " 'c.xlsx' AS handed_in",
            [row, gift["source"], gift["file_name"], gift["source_file_id"], WHY, WHO, AT],
        )
        release.execute(
            "UPDATE ops.quarantine SET state = 'waived', state_reason = ?, decided_by = ?,"
            " decided_at = ? WHERE quarantine_id = ?",
            [WAIVED, WHO, AT, refused["quarantine_id"]],
        )
    settings = load_settings(folder, env={})
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        yield client, gift, refused


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_correction_and_its_line(
    language: str, decided: tuple[TestClient, dict[str, Any], dict[str, Any]]
) -> None:
    """The line says which columns, who, why and when, and leads to the record, and that to it."""
    client, gift, _ = decided
    cookie = {"Cookie": f"{LANGUAGE_COOKIE}={language}"}
    path = line_path(gift)
    assert path is not None
    answer = client.get(path, headers=cookie)
    say = catalogue(language)
    text = PageReader(answer.text).text
    for word in (say("lines.corrected"), say("codes.state.applied"), WHY, WHO, "2024-08-06 09:00"):
        assert word in text
    assert "<checked>" not in answer.text
    beside = f">{say('lines.was_corrected')}</span>"
    assert answer.text.count(beside) == 2  # beside each of the two columns
    (there,) = {link for link in PageReader(answer.text).links if "/tables/corrections" in link}
    listed = PageReader(client.get(there, headers=cookie).text)
    assert len(listed.tables["corrections"].rows) == 1
    assert path in listed.links


def test_a_program_is_told_of_it(
    decided: tuple[TestClient, dict[str, Any], dict[str, Any]],
) -> None:
    """Columns and who, never a value."""
    client, gift, _ = decided
    (line,) = client.get(f"/api/v1{line_path(gift)}").json()["lines"]
    assert line["corrected"]["corrected_columns"] == "amount;paid_at"
    assert line["corrected"]["decided_by"] == WHO


def test_a_waiver_says_who_and_why(
    decided: tuple[TestClient, dict[str, Any], dict[str, Any]],
) -> None:
    """On the refused line's page; from there to the refused rows of its file and back."""
    client, _, refused = decided
    path = reference_path(refused["quarantine_id"])
    assert path is not None
    page = PageReader(client.get(path).text)
    for word in (catalogue("zh")("codes.state.waived"), WAIVED, WHO):
        assert word in page.text
    back = f"/tables/refused_rows?source_file_id={refused['source_file_id']}"
    assert back in page.links
    assert path in PageReader(client.get(back).text).links


def test_a_restatement_and_both_of_its_lines(client: TestClient, mart: Ask) -> None:
    """A record that a later file changed: each of the two lines leads to the other."""
    rows = mart(
        "select r.*, f.source_file_id, f.source_row from ops.restatements r"
        " join star.fact_donation f on f.order_no = r.key and f.source_file_id = r.new_file_id"
        " where r.change = 'changed' order by r.key limit 2"
    )
    assert rows
    for row in rows:
        now = line_path(row)
        assert now is not None
        page = PageReader(client.get(now).text)
        assert f"{row['old_amount_cny']} 元 → {row['new_amount_cny']} 元" in page.text
        assert f"/tables/restated?key={row['key']}" in page.links
        (before,) = {link for link in page.links if f"/lines/{row['old_file_id']}/" in link}
        earlier = PageReader(client.get(before).text)
        assert now in earlier.links
        listed = PageReader(client.get(f"/tables/restated?key={row['key']}").text)
        assert f"/search?q={row['key']}" in listed.links
        told = client.get(f"/api/v1{now}").json()["lines"][0]["restated"]
        assert [one["is_now"] for one in told] == [True]
