"""The gate report's pages: every rule of the release, its counts, and each rule's own page."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient

from pipelines.publishing.releases import published_release, report_files
from pipelines.settings import Settings
from tests.pages.conftest import PageReader

Page = Callable[[str], PageReader]
Ask = Callable[..., list[dict[str, Any]]]


def test_every_rule_is_on_the_page(page: Page, mart: Ask, client: TestClient) -> None:
    """Those that passed in a table, the others each in a card; the counts are the release's."""
    read = page("/health/gates")
    verdicts = mart("SELECT rule_id, status FROM ops.gate_results")
    links = {link.removeprefix("/health/gates/") for link in read.links}
    assert {row["rule_id"] for row in verdicts} <= links
    shown = {row[0]: row[1:] for row in read.tables["gate_counts"].rows}
    for status, word in (("pass", "通过"), ("fail", "未通过")):
        counted = sum(int(text.split(">")[0].strip("<")) for text in shown[word])
        assert counted == sum(1 for row in verdicts if row["status"] == status)
    assert client.get("/health/gates?status=fail").status_code == 400


def test_a_rule_alone(page: Page, mart: Ask, client: TestClient) -> None:
    """Its figures are the release's, and its history is told."""
    (row,) = mart(
        "SELECT * FROM ops.gate_results WHERE status = 'fail' AND checked_rows > 0"
        " ORDER BY rule_id LIMIT 1"
    )
    read = page(f"/health/gates/{row['rule_id']}")
    assert read.figures["checked_rows"].startswith(f"<{row['checked_rows']}>")
    assert read.figures["failing_rows"].startswith(f"<{row['failing_rows']}>")
    passed = row["checked_rows"] - row["failing_rows"]
    assert read.figures["passed_rows"].startswith(f"<{passed}>")
    assert len(read.tables["gate_history"].rows) == 1
    assert client.get("/health/gates/no.such.rule").status_code == 404


def test_the_files_are_those_beside_the_release(client: TestClient, some: Settings) -> None:
    """What the pages give is byte for byte what the publication wrote."""
    release = published_release(some)
    assert release is not None
    written = [path.read_bytes() for path in report_files(some, release.release_id)]
    given = [client.get(f"/export/gate_report.{kind}").content for kind in ("html", "json")]
    assert given == written
    assert json.loads(given[1])["release"]["content_hash"] == release.content_hash
