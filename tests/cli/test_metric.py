"""The command `juandi metric`: what it prints, what it refuses, what it leaves alone."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import duckdb
import pytest

from tests.cli.conftest import Juandi
from tests.quality.tiny import contracts

_GIFT = """insert into star.fact_donation by name
    select '{0}' as order_no, 'tencent' as platform_id, timestamp '{1} 10:00:00' as paid_at,
    '-1' as project_key, 'P' as project_no,
    'unknown' as initiator_uscc, 'unknown' as supporter_uscc, '{2}' as donor_key,
    'unknown' as donor_region_code, {3} as campaign_id, 'unknown' as channel_id,
    {4} as amount_cny, 0 as refunded_cny, {4} as net_cny, false as is_refunded"""


@pytest.fixture
def gifts(warehouse: Path) -> Path:
    """The warehouse, its release with a few gifts: of one donor on two days, and of nobody."""
    with duckdb.connect(str(warehouse / "juandi.duckdb")) as connection:
        connection.execute("create schema star; drop table marts.campaign_summary")
        for table, columns in contracts().items():
            fields = ", ".join(f'"{name}" {kind}' for name, kind, _ in columns)
            connection.execute(f"create table {table} ({fields})")
        for gift in (
            ("a", "2024-08-02", "d1", "'c'", 10),
            ("b", "2024-08-03", "d1", "'c'", 10.01),
            ("c", "2024-09-01", "unknown", "null", 1000),
        ):
            connection.execute(_GIFT.format(*gift))
    return warehouse


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_figure_by_campaign_and_month(gifts: Path, juandi: Juandi) -> None:
    """Donors are counted once in a group; nobody's pseudonym is no donor; ratios name both parts.

    And nothing is written, in the warehouse or anywhere else.
    """
    before = _contents(gifts)
    done = juandi(
        *("metric", "donors,small_gift_share,mean_gift_cny", "--by", "campaign,month", "-f", "csv"),
        JUANDI_WAREHOUSE=str(gifts),
    )
    assert done.returncode == 0, done.stderr
    assert list(csv.DictReader(io.StringIO(done.stdout))) == [
        {"campaign": "c", "month": "2024-08", "donors": "1", "small_gift_share": "0.500000",
         "small_gifts": "1", "gifts": "2", "mean_gift_cny": "10.01", "net_cny": "20.01",
         "gifts_of_known_net": "2"},
        {"campaign": "none", "month": "2024-09", "donors": "", "small_gift_share": "0.000000",
         "small_gifts": "0", "gifts": "1", "mean_gift_cny": "1000.00", "net_cny": "1000.00",
         "gifts_of_known_net": "1"},
    ]  # fmt: skip # rows as they are printed
    assert _contents(gifts) == before
    assert not list(gifts.parent.glob("[!w]*"))


def test_json_says_what_the_figures_are(gifts: Path, juandi: Juandi) -> None:
    done = juandi("metric", "refund_rate", "--json", JUANDI_WAREHOUSE=str(gifts))
    answer = json.loads(done.stdout)
    assert answer["as_of"] == "2024-08-04"
    [metric] = answer["metrics"]
    assert metric["denominator"] == "known_net_gross_cny"
    assert answer["rows"] == [
        {"refund_rate": "0.000000", "refunded_cny": "0.00", "known_net_gross_cny": "1020.01"}
    ]


@pytest.mark.parametrize(
    ("where", "gifts_found"),
    [
        (["campaign=c"], [2]),
        (["campaign=none"], [1]),
        (["campaign!=c"], [1]),
        (["campaign=c,none"], [3]),
        (["day>=2024-08-03"], [2]),
        (["month=2024-08", "day<2024-08-03"], [1]),
        (["quarter=2024-Q3,week=2024-W31"], [2]),
        (["campaign=c' or '1'='1"], []),
        (["campaign=c'; drop table star.fact_donation; --"], []),
        (["campaign={{ 1/0 }}"], []),
        (["campaign=$value_0"], []),
    ],
    ids=str,
)
def test_a_condition_is_bound(
    where: list[str], gifts_found: list[int], gifts: Path, juandi: Juandi
) -> None:
    """A value is a value, whatever it looks like; what names nothing is said to find nothing."""
    words = [word for one in where for word in ("--where", one)]
    done = juandi("metric", "gifts", "--json", "--by", "year", *words, JUANDI_WAREHOUSE=str(gifts))
    assert done.returncode == 0, done.stderr
    assert [row["gifts"] for row in json.loads(done.stdout)["rows"]] == gifts_found
    assert ("nothing in the release" in done.stderr) == (not gifts_found)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("net_gny",), "net_cny"),
        (("gifts", "--by", "provinse"), "province"),
        (("gifts", "--by", "campaign) from x --"), "campaign"),
        (("matching_cny", "--where", "donor_kind=person"), "dimension of matching_cny"),
        (("gifts", "--where", "campaign"), "not a condition"),
        (("gifts", "--where", "month=2024"), "2024-08"),
        (("gifts", "--where", "campaign>=c"), "before or after"),
    ],
    ids=str,
)
def test_what_is_not_declared_is_refused(
    arguments: tuple[str, ...], said: str, gifts: Path, juandi: Juandi
) -> None:
    """In a sentence that names what is near, with status 2."""
    done = juandi("metric", *arguments, JUANDI_WAREHOUSE=str(gifts))
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_project_that_nobody_prepared_is_parsed_for_the_answer(
    gifts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Into a folder that goes away again: a refresh may be at work in its own."""
    from pipelines.settings import DBT_PROJECT, load_settings
    from pipelines.stages.build import project

    other = tmp_path / "other"
    shutil.copytree(DBT_PROJECT, other, ignore=shutil.ignore_patterns("target", "logs"))
    (other / "seeds" / "more.csv").write_text("a\n1\n")
    monkeypatch.setattr(project, "PREPARED", tmp_path / "nowhere")
    with project.semantic_manifest(load_settings(gifts, env={}), other) as manifest:
        assert "returning_donor_rate" in manifest.read_text(encoding="utf-8")
        assert manifest.is_relative_to(gifts)
    assert not list((gifts / "build").iterdir())
    assert not (other / "target").exists()
    assert not (other / "logs").exists()


def test_all_metrics_are_listed(juandi: Juandi) -> None:
    """Without a warehouse too."""
    listed = json.loads(juandi("metric", "--json").stdout)
    assert len(listed) > 30
    assert all(" / " in one["label"] and one["unit"] for one in listed)
    assert "campaign" in next(one for one in listed if one["name"] == "gifts")["by"]
