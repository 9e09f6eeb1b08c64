"""`juandi trace` over the release of the small sample, as a shell runs it."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.settings import Settings
from tests.cli.conftest import Juandi
from tests.flow.conftest import Released, released
from tests.stages.landings import Landing, row, table

__all__ = ["released"]
NAME, PHONE = "测试昵称甲", "13800000001"
Told = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def some(released: Callable[[str], Released]) -> Settings:
    """The warehouse of the small sample with some faults. Nobody writes into it."""
    return released("some").settings


@pytest.fixture
def trace(juandi: Juandi, some: Settings) -> Told:
    """Runs the command on it."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return juandi("trace", *arguments, "--warehouse", str(some.warehouse))

    return run


def test_from_a_figure_to_its_line(trace: Told, released: Callable[[str], Released]) -> None:
    """The cell, the rows it counts and their files; a row's line, and what was made of it."""
    ask = ("campaign_summary", "net_cny", "--where", "campaign_id=scsl-2024")
    cell = json.loads(trace(*ask, "--limit", "3", "--json").stdout)
    (value, count), *_ = (
        released("some")
        .file.execute(
            "select net_cny, donation_count from marts.campaign_summary"
            " where campaign_id = 'scsl-2024'"
        )
        .fetchall()
    )
    assert cell["value"] == str(value) == cell["behind"]["result"]
    assert cell["behind"]["agrees"] is True
    assert cell["behind"]["rows"] == count == sum(one["rows"] for one in cell["files"])
    assert len(cell["lines"]) == 3
    first = cell["lines"][0]
    line = json.loads(trace(first["reference"], "--json").stdout)["lines"][0]
    assert line["fate"] == "loaded"
    assert line["made"] == [
        {
            "table": "star.fact_donation",
            "key": {"platform_id": first["platform_id"], "order_no": first["order_no"]},
        }
    ]
    assert first["order_no"] in [value["text"] for value in line["values"]]
    printed = trace(*ask, "--limit", "3")
    assert printed.returncode == 0
    assert "与数据集市一致 / the same as the mart" in printed.stdout
    assert first["reference"] in printed.stdout
    known = json.loads(trace(first["order_no"], "--json").stdout)
    assert [t["rows"] for t in known["tables"] if t["table"] == "star.fact_donation"] == [1]
    assert first["reference"] in [one["place"]["reference"] for one in known["lines"]]
    people = trace(first["order_no"])
    assert first["reference"] in people.stdout
    assert "已入库 / loaded" in people.stdout
    assert "***" in trace(first["reference"]).stdout


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("campaign_sumary", "net_cny"), 2, "campaign_summary"),
        (("campaign_summary", "net_cn"), 2, "net_cny"),
        (("campaign_summary",), 2, "name a column"),
        (("campaign_summary", "net_cny", "--where", "campaign_id=x"), 2, "scsl-2024"),
        (("campaign_summary", "net_cny", "--where", "campaign=x"), 2, "campaign_id"),
        (("campaign_summary", "net_cny", "--where", "campaign_id"), 2, "COLUMN=VALUE"),
        (("campaign_daily", "net_cny"), 2, "--where campaign_id="),
        (("campaign_daily", "net_cny", "--where", "date_day=x"), 2, "no value of the column"),
        (("campaign_summary", "name_zh", "--where", "campaign_id=scsl-2024"), 2, "net_cny"),
        (("fact_donation", "net_cny"), 2, "FILE:SHEET:LINE"),
        (("0000000000000000::3",), 2, "no file 0000000000000000"),
        (("no-such-number",), 1, "nothing is known"),
        ((PHONE,), 2, "a person's number"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_what_is_not_known_is_told_with_what_is(
    arguments: tuple[str, ...], status: int, says: str, trace: Told
) -> None:
    """A sentence and no traceback; a number of a person is not said again."""
    done = trace(*arguments)
    assert done.returncode == status
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert PHONE not in done.stderr


def test_without_a_release(juandi: Juandi, tmp_path: Path) -> None:
    """Says so, and tells what archive, lake and quarantine know."""
    landing = Landing(tmp_path)
    rows = [row("tencent_donations"), row("tencent_donations", 捐款金额="0.00", 项目名称=PHONE)]
    landing.put("tencent_donations/捐款_20240802.csv", table(rows))
    landing.load()
    where = ("--warehouse", str(landing.settings.warehouse))
    done = juandi("trace", "10000000000000000001", "--json", *where)
    assert done.returncode == 0
    assert "no release is published" in done.stderr
    told = json.loads(done.stdout)
    assert told["release"] is None
    assert told["tables"] == []
    assert [(one["place"]["line"], one["fate"]) for one in told["lines"]] == [
        (2, "loaded"),
        (3, "quarantined"),
    ]
    line = juandi("trace", told["lines"][1]["place"]["reference"], *where)
    assert line.returncode == 0
    assert "tencent_donations.amount_range" in line.stdout
    assert not [text for text in (NAME, PHONE) if text in done.stdout + line.stdout]
    cell = juandi("trace", "campaign_summary", "net_cny", *where)
    assert cell.returncode == 2
    assert "no release is published" in cell.stderr
    shutil.rmtree(landing.settings.archive / "tencent_donations")
    lost = juandi("trace", told["lines"][0]["place"]["reference"], *where)
    assert lost.returncode == 0
    assert "The archive does not have this file" in lost.stderr


def test_a_folder_that_is_no_warehouse(juandi: Juandi, tmp_path: Path) -> None:
    """Is not made one."""
    done = juandi("trace", "10000000000000000001", "--warehouse", str(tmp_path / "x"))
    assert done.returncode == 1
    assert "nothing is known" in done.stderr
    assert not (tmp_path / "x").exists()


def test_what_is_worked_out_is_redone(trace: Told) -> None:
    """A mean: its formula, what it is of and how to trace that; a figure without rows says why."""
    where = ("--where", "campaign_id=scsl-2024")
    cell = json.loads(trace("campaign_summary", "avg_cny", *where, "--json").stdout)
    worked = cell["worked"]
    assert worked["agrees"] is True
    assert worked["result"] == cell["value"]
    assert [part["name"] for part in worked["parts"]] == [
        "net_cny", "donation_count", "gifts_of_unknown_net"
    ]  # fmt: skip # a list
    again = json.loads(trace(*worked["parts"][0]["trace"].split()[2:], "--json").stdout)
    assert again["value"] == worked["parts"][0]["value"] == again["behind"]["result"]
    assert again["behind"]["rows"] == worked["parts"][0]["rows"]
    printed = trace("campaign_summary", "avg_cny", *where)
    assert "÷" in printed.stdout
    assert "与数据集市一致 / the same as the mart" in printed.stdout
    part = trace("campaign_summary", "own_county_cny", *where, "--json")
    assert json.loads(part.stdout)["value"] is None
    why = trace("campaign_summary", "prefectures_covered", *where)
    assert why.returncode == 0
    assert "history of codes" in why.stdout


def test_a_record_that_was_restated(trace: Told, released: Callable[[str], Released]) -> None:
    """The line that stands says what the file before it had, and that line says what stands."""
    ((file, line, old),) = (
        released("some")
        .file.execute(
            "select f.source_file_id, f.source_row, r.old_file_id from ops.restatements r"
            " join star.fact_donation f on f.order_no = r.key and f.source_file_id = r.new_file_id"
            " where r.change = 'changed' order by r.key limit 1"
        )
        .fetchall()
    )
    now = f"{file}::{line}"
    (told,) = json.loads(trace(now, "--json").stdout)["lines"][0]["restated"]
    assert told["other"].startswith(f"{old}:")
    (before,) = json.loads(trace(told["other"], "--json").stdout)["lines"][0]["restated"]
    assert before["other"] == now
    assert (told["is_now"], before["is_now"]) == (True, False)
    assert told["other"] in trace(now).stdout
