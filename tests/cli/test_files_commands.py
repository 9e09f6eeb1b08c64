"""`juandi files`: what waits for a decision, deciding, and what a person sees of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.cli.summary import RefreshOutcome, as_data, show
from pipelines.stages.store.catalog import Catalog
from tests.cli.conftest import Juandi
from tests.stages.landings import Landing, row, table

GIFTS = "tencent_donations"


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    """A day of two gifts, and a file in its place that holds none."""
    landing = Landing(tmp_path)
    gifts = table([row(GIFTS, 订单号=f"{10**19 + n}") for n in (1, 2)])
    landing.put(f"{GIFTS}/a_20240801.csv", gifts)
    landing.load()
    landing.put(f"{GIFTS}/a_20240801.csv", gifts.split(b"\n")[0] + b"\n")
    landing.load()
    return landing


def test_list_accept_reject(juandi: Juandi, landing: Landing) -> None:
    where = ("--warehouse", str(landing.settings.warehouse))
    (held,) = json.loads(juandi("files", "list", "--json", *where).stdout)
    assert held["file"] == held["other_file"] == f"{GIFTS}/a_20240801.csv"
    assert (held["state"], held["cause"]) == ("held", "shrinks")
    assert (held["rows"], held["other_rows"]) == (0, 2)
    assert f"juandi files accept {held['file_id']}" in held["why"]
    assert held["file_id"] in juandi("files", "list", *where).stdout

    unknown = juandi("files", "accept", "nonsense", *where)
    assert unknown.returncode == 2
    assert "juandi files list" in unknown.stderr

    rejected = juandi(
        "files",
        "reject",
        held["file_id"],
        "--reason",
        "发错了 sent by mistake",
        "--by",
        "甲",
        *where,
    )
    assert rejected.returncode == 0, rejected.stderr
    assert [a.status for a in landing.accounts()] == ["loaded", "rejected"]
    assert json.loads(juandi("files", "list", "--json", *where).stdout) == []
    (told,) = json.loads(juandi("files", "list", "--state", "rejected", "--json", *where).stdout)
    assert (told["reason"], told["decided_by"]) == ("发错了 sent by mistake", "甲")
    assert told["decided_at"]

    # a decision may be taken back
    assert juandi("files", "accept", held["file_id"], *where).returncode == 0
    assert [a.status for a in landing.accounts()] == ["superseded", "loaded"]
    decided = Catalog(landing.settings).file_decisions()[held["file_id"]]
    assert (decided.state, decided.reason) == ("accepted", "")
    assert decided.decided_by


def test_a_file_that_stands_is_not_decided_on(juandi: Juandi, landing: Landing) -> None:
    where = ("--warehouse", str(landing.settings.warehouse))
    stands = landing.accounts()[0].source_file_id
    assert juandi("files", "reject", stands, *where).returncode == 2
    assert [a.status for a in landing.accounts()] == ["loaded", "held"]


def test_a_mistyped_warehouse_is_not_made(juandi: Juandi, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    assert juandi("files", "accept", "x", "--warehouse", str(nowhere)).returncode == 2
    assert json.loads(juandi("files", "list", "--json", "--warehouse", str(nowhere)).stdout) == []
    assert not nowhere.exists()


def test_the_summary_names_what_waits(landing: Landing, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = RefreshOutcome("blocked", 1.0, 1, 1, loads=landing.accounts())
    file_id = landing.accounts()[1].source_file_id
    assert [held["file_id"] for held in as_data(outcome)["held"]] == [file_id]
    show(outcome, as_json=False)
    said = capsys.readouterr().err
    assert f"juandi files accept {file_id}" in said
    assert f"juandi files reject {file_id}" in said
