"""status, releases, rollback, quarantine, sql, doctor on a small published release."""

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest

from pipelines.settings import Settings
from pipelines.stages.store.catalog import Catalog
from tests.cli.conftest import RELEASE, Juandi


def test_sql_in_three_formats(juandi: Juandi, warehouse: Path) -> None:
    """A table for people; CSV and JSON keep money exact."""
    ask = ("sql", "from marts.campaign_summary", "--warehouse", str(warehouse))
    assert "24,670,000.50" in juandi(*ask).stdout
    rows = list(csv.DictReader(io.StringIO(juandi(*ask, "--format", "csv").stdout)))
    assert rows == [{"campaign_id": "scsl-2024", "admitted": "208", "net_cny": "24670000.50"}]
    assert json.loads(juandi(*ask, "-f", "json").stdout) == [
        {"campaign_id": "scsl-2024", "admitted": 208, "net_cny": "24670000.50"}
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "drop table marts.campaign_summary",
        "copy marts.campaign_summary to '{out}'",
        "attach '{out}' as other",
        "select * from read_csv('{readable}')",
        "selekt 1",
    ],
)
def test_sql_only_reads_the_release(
    juandi: Juandi, warehouse: Path, tmp_path: Path, statement: str
) -> None:
    """Nothing is changed, and no other file is read or written; the answer is a sentence."""
    out, before = tmp_path / "out.csv", (warehouse / "juandi.duckdb").read_bytes()
    text = statement.format(out=out, readable=__file__)
    done = juandi("sql", text, "--warehouse", str(warehouse))
    assert done.returncode == 2
    assert done.stderr.startswith("juandi: the query was refused")
    assert "Traceback" not in done.stderr
    assert not out.exists()
    assert (warehouse / "juandi.duckdb").read_bytes() == before


def test_status(juandi: Juandi, warehouse: Path) -> None:
    """For people in both languages, for scripts as JSON."""
    shown = juandi("status", "--warehouse", str(warehouse)).stdout
    assert RELEASE.release_id in shown
    assert "来源 source" in shown
    told = json.loads(juandi("status", "--json", "--warehouse", str(warehouse)).stdout)
    assert told["release"]["release_id"] == RELEASE.release_id
    assert told["gates"] == {"fail": 1, "pass": 2}
    assert told["sources"][0]["source"] == "tencent_donations"


def test_releases_and_rollback(juandi: Juandi, warehouse: Path) -> None:
    """The published one is marked; an unknown id is refused with those that are kept."""
    (told,) = json.loads(juandi("releases", "--json", "--warehouse", str(warehouse)).stdout)
    assert told["is_published"] is True
    (warehouse / "juandi.duckdb").unlink()
    back = juandi("rollback", RELEASE.release_id, "--json", "--warehouse", str(warehouse))
    assert json.loads(back.stdout)["release_id"] == RELEASE.release_id
    assert (warehouse / "juandi.duckdb").is_file()
    unknown = juandi("rollback", "nonsense", "--warehouse", str(warehouse))
    assert unknown.returncode == 2
    assert RELEASE.release_id in unknown.stderr


def test_quarantine(juandi: Juandi, warehouse: Path, tmp_path: Path) -> None:
    """Listing by rule and state, one row, and a CSV that a spreadsheet opens in Chinese."""
    where = ("--warehouse", str(warehouse))
    listed = json.loads(
        juandi("quarantine", "list", "--rule", "any.cut_off", "--json", *where).stdout
    )
    assert [row["quarantine_id"] for row in listed] == ["f1::9"]
    assert (
        json.loads(juandi("quarantine", "show", "f1::7", "--json", *where).stdout)["state"]
        == "open"
    )
    assert juandi("quarantine", "show", "f9", *where).returncode == 2
    out = tmp_path / "refused.csv"
    assert (
        juandi("quarantine", "export", "--state", "open", "--out", str(out), *where).returncode == 0
    )
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8-sig"))))
    assert [row["reasons_zh"] for row in rows] == ["捐款金额须大于0。"]


def test_quarantine_as_a_workbook(juandi: Juandi, warehouse: Path, tmp_path: Path) -> None:
    """A sheet per source and rule with a place for the correction; and counts of what there is."""
    where = ("--warehouse", str(warehouse))
    out = tmp_path / "refused.xlsx"
    done = juandi("quarantine", "export", "--out", str(out), *where)
    assert done.returncode == 0, done.stderr
    book = openpyxl.load_workbook(out)
    assert len(book.sheetnames) == 3
    assert [cell.value for cell in book.worksheets[1][1]][-1] == "更正 correction"
    counted = juandi("quarantine", "list", "--counts", *where).stdout
    assert "tencent_donations.amount_range" in counted
    wrong = juandi("quarantine", "correct", str(tmp_path / "no.csv"), "--reason", "r", *where)
    assert wrong.returncode == 2
    assert "Traceback" not in wrong.stderr


def test_waive(juandi: Juandi, warehouse: Path) -> None:
    """A decision is kept with its reason and its time, for rows that exist."""
    where = ("--warehouse", str(warehouse))
    assert juandi("quarantine", "waive", "f9", "--reason", "typo", *where).returncode == 2
    assert juandi("quarantine", "waive", "f1::7", "--reason", " ", *where).returncode == 2
    done = juandi("quarantine", "waive", "f1::7", "--reason", "测试订单 test order", *where)
    assert done.returncode == 0, done.stderr
    catalog = Catalog(Settings(warehouse=warehouse, landing=warehouse / "landing"))
    assert catalog.decisions() == {"f1::7": ("waived", "测试订单 test order")}
    assert catalog.row_decisions()["f1::7"].decided_by  # the system's user, or --by


@pytest.mark.parametrize("command", [("status",), ("releases",), ("sql", "select 1")])
def test_without_a_release(juandi: Juandi, tmp_path: Path, command: tuple[str, ...]) -> None:
    """Says what to do instead."""
    done = juandi(*command, "--warehouse", str(tmp_path / "empty"))
    assert done.returncode == 2
    assert "juandi demo" in done.stderr
    assert not (tmp_path / "empty").exists()


def test_doctor(juandi: Juandi, warehouse: Path) -> None:
    """Every finding has a state; a folder for no source is named."""
    (warehouse / "landing" / "tencent_donation").mkdir(parents=True)
    done = juandi("doctor", "--json", "--warehouse", str(warehouse))
    findings = {f["name"]: f for f in json.loads(done.stdout)}
    assert done.returncode == 0
    assert {f["state"] for f in findings.values()} <= {"ok", "warning"}
    assert "tencent_donation" in findings["收件 landing"]["seen"]
    assert findings["发布 release"]["seen"].startswith(RELEASE.release_id)


def test_doctor_finds_a_problem(juandi: Juandi, tmp_path: Path) -> None:
    """A warehouse that is a file can hold nothing: status 2."""
    (tmp_path / "file").write_text("")
    done = juandi("doctor", "--warehouse", str(tmp_path / "file" / "warehouse"))
    assert done.returncode == 2
