"""What moved from one release to another: every kind of difference, recomputed row by row."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from pipelines.cli.console import Trouble
from pipelines.cli.main import app
from pipelines.publishing.diff.attached import release_file
from pipelines.publishing.diff.compare import compare, compare_rows
from pipelines.publishing.diff.values import ReleaseDiff, TableMoves
from pipelines.publishing.releases import UnknownRelease, kept_file
from pipelines.settings import Settings
from pipelines.tables.registry import MODELS
from tests.publishing.releases_by_hand import Rows, publish_kept, release, write_release

OLD, NEW, SAME = release(1), release(2), release(3)


def gift(number: int, amount: str, refunded: str = "0.00", file: str = "f1") -> dict[str, Any]:
    """A gift of project p1."""
    return {
        "platform_id": "tencent",
        "order_no": str(number),
        "project_no": "p1",
        "donor_key": f"d{number % 3}",
        "amount_cny": Decimal(amount),
        "refunded_cny": Decimal(refunded),
        "net_cny": Decimal(amount) - Decimal(refunded),
        "source_file_id": file,
        "source_row": number,
    }


def audit(file: str, status: str, rows: int, reason: str | None = None) -> dict[str, Any]:
    """A file's account."""
    return {
        "source_file_id": file,
        "source": "tencent_donations",
        "file_name": f"gifts_{file}.csv",
        "status": status,
        "rows_loaded": rows,
        "reason": reason,
    }


def verdict(rule: str, status: str, failing: int) -> dict[str, Any]:
    """A rule's verdict."""
    return {
        "rule_id": rule,
        "severity": "warning",
        "status": status,
        "failing_rows": failing,
        "description_zh": "规则",
        "description_en": "A rule",
        "run_id": "another in every release",
    }


def summary(campaign: str, net: str | None, gifts: int, **more: Any) -> dict[str, Any]:
    """A campaign's figures."""
    money = None if net is None else Decimal(net)
    return {"campaign_id": campaign, "net_cny": money, "donation_count": gifts, **more}


#: A thing without a code is there twice: its grain does not tell rows apart.
LEFT = {"source": "organizations", "file_name": "a.xlsx", "kind": "sheet", "place": "B"}
BEFORE: Mapping[str, Rows] = {
    "fact_donation": [
        gift(1, "10.00"), gift(2, "20.10"), gift(3, "30.00"), gift(4, "40.00", file="f2"),
        gift(5, "50.05", "0.05", file="f2"),
    ],
    "campaign_summary": [summary("c1", "150.10", 5), summary("c2", None, 0), summary("c3", "7", 1)],
    "dim_channel": [{"channel_id": "wechat"}],
    "dim_platform": [{"platform_id": "tencent"}],
    "audit_gaps": [{"chain_id": "six", "subject_id": "p1", "level_no": 1, "gap_type": "missing"}],
    "left_out": [{**LEFT, "rows": 1}, {**LEFT, "rows": 2}],
    "load_audit": [audit("f1", "loaded", 3), audit("f2", "loaded", 2), audit("f0", "refused", 0)],
    "gate_results": [
        verdict("a.same", "pass", 0), verdict("b.broke", "pass", 0), verdict("c.more", "fail", 2),
        verdict("d.gone", "pass", 0),
    ],
}  # fmt: skip # a table
AFTER: Mapping[str, Rows] = {
    "fact_donation": [
        gift(5, "50.05", "0.05", file="f2"), gift(4, "40.00", "40.00", file="f3"),
        gift(3, "30.00"), gift(1, "10.00"), gift(7, "99999999999.99", file="f3"),
        gift(8, "0.01", file="f3"),
    ],
    "campaign_summary": [
        summary("c1", "90.00", 5, donor_count=4), summary("c2", "1.00", 1), summary("c3", "7", 1),
    ],
    "dim_channel": [{"channel_id": "wechat"}],
    "dim_platform": [{"platform_id": "tencent"}],
    "dim_program": [{"program_id": "scsl"}, {"program_id": "huoshui"}],
    "left_out": [{**LEFT, "rows": 1}, {**LEFT, "rows": 3}],
    "load_audit": [
        audit("f1", "superseded", 0, "被 f3 取代 / replaced by f3"), audit("f2", "loaded", 2),
        audit("f3", "loaded", 4),
    ],
    "gate_results": [
        verdict("a.same", "pass", 0), verdict("b.broke", "fail", 9), verdict("c.more", "fail", 3),
        verdict("e.came", "pass", 0),
    ],
}  # fmt: skip # a table


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A warehouse with three kept releases; the third has the rows of the second in another order.

    The first lacks a column of a mart and has a table that nothing declares any more.
    """
    home = tmp_path_factory.mktemp("diff")
    made = Settings(warehouse=home, landing=home / "landing")
    write_release(
        made, OLD, BEFORE,
        lacking={"campaign_summary": "donor_count", "dim_channel": "name_zh"},
        undeclared=[
            "create table star.forgotten as select 1 as n, 5.5::decimal(18, 2) as gross_cny",
            "create table marts.retyped as select 3::decimal(18, 2) as n",
        ],
    )  # fmt: skip # one call
    write_release(
        made, NEW, AFTER,
        undeclared=[
            "create table star.forgotten as select 2 as n, 6.5::decimal(18, 2) as gross_cny",
            "create table marts.retyped as select 3::decimal(24, 2) as n",
        ],
    )  # fmt: skip # one call
    write_release(
        made, SAME, {name: list(reversed(rows)) for name, rows in AFTER.items()},
        undeclared=[
            "create table star.forgotten as select 2 as n, 6.5::decimal(18, 2) as gross_cny",
            "create table marts.retyped as select 3::decimal(24, 2) as n",
        ],
    )  # fmt: skip # one call
    publish_kept(made, NEW)
    return made


@pytest.fixture(scope="module")
def found(settings: Settings) -> ReleaseDiff:
    """What moved from the first to the second."""
    return compare(settings, release_file(settings, "previous"), release_file(settings, "newest"))


def moves(found: ReleaseDiff, table: str) -> TableMoves:
    """Of one table."""
    return next(one for one in found.tables if one.table == table)


def by_key(rows: Rows, name: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Rows by their declared grain, compared in Python."""
    keys = MODELS[name].keys
    return {tuple(row.get(k) for k in keys): dict(row) for row in rows}


@pytest.mark.parametrize("name", ["fact_donation", "campaign_summary", "dim_platform"])
def test_rows_by_grain(found: ReleaseDiff, name: str) -> None:
    """Rows added, removed and changed are those that comparing row by row finds."""
    lacking = {"donor_count"}
    old, new = (
        {k: {c: v for c, v in row.items() if c not in lacking} for k, row in one.items()}
        for one in (by_key(BEFORE[name], name), by_key(AFTER[name], name))
    )
    added, removed = new.keys() - old.keys(), old.keys() - new.keys()
    changed = {k for k in new.keys() & old.keys() if new[k] != old[k]}
    told = next((m for m in found.tables if m.table == MODELS[name].id), None)
    if not (added or removed or changed):
        assert told is None
        return
    assert told is not None
    assert (told.added, told.removed, told.changed) == (len(added), len(removed), len(changed))
    assert (told.rows_before, told.rows_after) == (len(old), len(new))
    assert told.grain == MODELS[name].keys
    columns = Counter(
        c for k in changed for c in {*old[k], *new[k]} if old[k].get(c) != new[k].get(c)
    )
    assert dict(told.columns_changed) == dict(columns)


def test_money_is_exact(found: ReleaseDiff) -> None:
    """Each declared sum before and after, to the fen, however large."""
    told = {m.column: m for m in moves(found, "star.fact_donation").money}
    assert set(told) == {"amount_cny", "refunded_cny", "net_cny"}
    for column, money in told.items():
        sums = [sum(row[column] for row in one["fact_donation"]) for one in (BEFORE, AFTER)]
        assert [money.before, money.after] == sums
        assert money.difference == sums[1] - sums[0]
        assert isinstance(money.difference, Decimal)
    assert told["amount_cny"].after == Decimal("100000000130.05")


def test_figures_that_moved_most(found: ReleaseDiff) -> None:
    """Of a mart the figures of rows that both have; null to a value is no move of a figure."""
    told = moves(found, "marts.campaign_summary")
    gifts, figure = told.figures  # the first from nothing, the second by less than half
    assert (gifts.column, gifts.key) == ("donation_count", {"campaign_id": "c2"})
    assert (gifts.before, gifts.after) == (0, 1)
    assert (figure.column, figure.key) == ("net_cny", {"campaign_id": "c1"})
    assert (figure.before, figure.after) == (Decimal("150.10"), Decimal("90.00"))
    assert figure.difference == Decimal("-60.10")
    assert "star.fact_donation" in told.rests_on


def test_tables_and_columns_that_one_lacks_are_said(found: ReleaseDiff) -> None:
    """They came or went; what both have is compared all the same."""
    assert moves(found, "marts.audit_gaps").state == "went"
    assert moves(found, "star.dim_program").state == "came"
    assert moves(found, "star.dim_program").added == 2
    assert moves(found, "marts.campaign_summary").columns_came == ("donor_count",)
    channel = moves(found, "star.dim_channel")
    assert channel.columns_came == ("name_zh",)
    assert (channel.added, channel.removed, channel.changed) == (0, 0, 0)
    retyped = moves(found, "marts.retyped")
    assert retyped.columns_retyped == ("n",)
    assert (retyped.added, retyped.removed) == (0, 0)


def test_without_a_usable_grain_rows_are_compared_as_wholes(found: ReleaseDiff) -> None:
    """A table that nothing declares, and one whose grain does not tell rows apart."""
    left = moves(found, "ops.left_out")
    assert (left.grain, left.added, left.removed, left.changed) == ((), 1, 1, 0)
    forgotten = moves(found, "star.forgotten")
    assert (forgotten.grain, forgotten.added, forgotten.removed) == ((), 1, 1)
    (money,) = forgotten.money
    assert (money.before, money.after) == (Decimal("5.50"), Decimal("6.50"))


def test_rules_whose_verdict_changed(found: ReleaseDiff) -> None:
    """Another verdict, more rows, a rule that came, one that went; not the one that is the same."""
    told = {rule.rule_id: (rule.before, rule.after) for rule in found.rules}
    assert told == {
        "b.broke": ("pass", "fail"),
        "c.more": ("fail", "fail"),
        "d.gone": ("pass", None),
        "e.came": (None, "pass"),
    }
    more = next(rule for rule in found.rules if rule.rule_id == "c.more")
    assert (more.failing_before, more.failing_after) == (2, 3)


def test_files_behind(found: ReleaseDiff) -> None:
    """Files of one account only, files that stand otherwise, and the files of rows that moved."""
    told = {f.source_file_id: (f.status_before, f.status_after) for f in found.files}
    assert told == {
        "f0": ("refused", None),
        "f1": ("loaded", "superseded"),
        "f3": (None, "loaded"),
    }
    files = {f.source_file_id: f for f in moves(found, "star.fact_donation").files}
    assert {i: (f.came, f.went, f.changed) for i, f in files.items()} == {
        "f3": (2, 0, 1),  # the changed gift comes from it now
        "f1": (0, 1, 0),
    }
    assert files["f1"].file_name == "gifts_f1.csv"


def test_equal_releases_are_the_same(settings: Settings) -> None:
    """Another order of rows, another run: no difference; and a release is the same as itself."""
    same = compare(
        settings, release_file(settings, NEW.release_id), release_file(settings, "newest")
    )
    assert same.is_same
    assert same.same_tables == 8
    published = release_file(settings, "published")
    assert compare(settings, published, published).is_same
    path = str(kept_file(settings, NEW.release_id))
    assert compare(settings, published, release_file(settings, path)).is_same


def test_the_rows_themselves(settings: Settings) -> None:
    """Each with its key and what was and is, in the order of the grain, as many as asked for."""
    files = [kept_file(settings, r.release_id) for r in (OLD, NEW)]
    told, rows = compare_rows(settings, files[0], files[1], "star.fact_donation", 10)
    assert told is not None
    assert [(row.change, row.key["order_no"]) for row in rows] == [
        ("removed", "2"), ("changed", "4"), ("added", "7"), ("added", "8"),
    ]  # fmt: skip # a list
    changed = rows[1].values
    assert changed == {
        "refunded_cny": (Decimal("0.00"), Decimal("40.00")),
        "net_cny": (Decimal("40.00"), Decimal("0.00")),
        "source_file_id": ("f2", "f3"),
    }
    _, some = compare_rows(settings, files[0], files[1], "star.fact_donation", 2)
    assert [row.key["order_no"] for row in some] == ["2", "4"]
    with pytest.raises(KeyError):
        compare_rows(settings, files[0], files[1], "star.nothing", 2)


def test_words_for_releases(settings: Settings, tmp_path: Path) -> None:
    """An id, a word, a path; anything else is refused with what there is."""
    named = {w: release_file(settings, w)[1] for w in ("published", "previous", "newest")}
    assert named == {"published": NEW, "previous": OLD, "newest": SAME}
    elsewhere = tmp_path / "copy.duckdb"
    elsewhere.write_bytes(kept_file(settings, OLD.release_id).read_bytes())
    assert release_file(settings, str(elsewhere)) == (elsewhere, OLD)
    with pytest.raises(UnknownRelease, match=OLD.release_id):
        release_file(settings, "yesterday")
    with pytest.raises(UnknownRelease):
        release_file(settings, str(tmp_path / "none.duckdb"))


def test_a_release_without_accounts_is_compared_in_the_rest(settings: Settings) -> None:
    """What an older release lacks altogether is said, and no error."""
    bare = release(4)
    write_release(settings, bare, {"dim_platform": [{"platform_id": "alipay"}]})
    try:
        found = compare(
            settings, release_file(settings, bare.release_id), release_file(settings, "published")
        )
        assert not found.is_same
        assert [u.partition(" (")[0] for u in found.unknown] == [
            "before ops.load_audit", "before ops.gate_results",
        ]  # fmt: skip # a list
        platform = moves(found, "star.dim_platform")
        assert (platform.added, platform.removed) == (1, 1)
    finally:
        kept_file(settings, bare.release_id).unlink()


def test_views_that_read_elsewhere_are_not_followed(settings: Settings, tmp_path: Path) -> None:
    """A file is somebody's: what it holds reads no other file."""
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n", encoding="utf-8")
    odd = release(5)
    write_release(
        settings, odd, {}, undeclared=[f"create view star.peek as from read_csv('{secret}')"]
    )
    try:
        with pytest.raises(duckdb.Error):
            compare(
                settings, release_file(settings, odd.release_id), release_file(settings, "previous")
            )
    finally:
        kept_file(settings, odd.release_id).unlink()


def test_what_does_not_fit_is_spilled(settings: Settings) -> None:
    """800,000 gifts against as many, with less memory than their keys take."""
    many = [release(6), release(7)]
    for at, one in enumerate(many):
        rows = (
            "insert into star.fact_donation by name select 'tencent' as platform_id,"
            f" md5(i::varchar) || i as order_no, ((i % 997) + {at} * (i % 500000 = 7)::int)"
            " * 0.01 as amount_cny, 'f' || (i % 40) as source_file_id"
            f" from range({at * 1000}, {800_000 + at * 1000}) t(i)"
        )
        write_release(settings, one, {"fact_donation": []}, undeclared=[rows])
    try:
        small = replace(settings, memory_limit="110MB")
        files = [release_file(settings, one.release_id) for one in many]
        gifts = moves(compare(small, files[0], files[1]), "star.fact_donation")
        assert (gifts.added, gifts.removed, gifts.changed) == (1000, 1000, 1)
        with duckdb.connect() as db:
            expected = db.execute(
                "select sum(((i % 997) + (i % 500000 = 7)::int) * 0.01::decimal(18, 2))"
                " from range(1000, 801000) t(i)"
            ).fetchone()
        assert expected is not None
        assert next(m for m in gifts.money if m.column == "amount_cny").after == expected[0]
    finally:
        for one in many:
            kept_file(settings, one.release_id).unlink()


def _diff(settings: Settings, *arguments: str) -> Any:
    told = ["diff", *arguments, "--warehouse", str(settings.warehouse)]
    return CliRunner().invoke(app, told)


def test_the_command(settings: Settings) -> None:
    """0 the same, 1 something moved, 2 trouble; in words, as a document, with rows."""
    moved = _diff(settings)
    assert moved.exit_code == 1, moved.output
    for word in ("star.fact_donation", "+99,999,999,979.90", "b.broke", "gifts_f3.csv", "-60.10"):
        assert word in moved.stdout, word
    told = json.loads(_diff(settings, "--json").stdout)
    assert not told["is_same"]
    money = next(t for t in told["tables"] if t["table"] == "star.fact_donation")["money"]
    assert money[0] == {
        "column": "amount_cny", "unit": "yuan", "before": "150.15", "after": "100000000130.05",
        "difference": "99999999979.90",
    }  # fmt: skip # a record
    rows = _diff(settings, "--table", "fact_donation", "--limit", "2")
    assert rows.exit_code == 1, rows.output
    assert "order_no=4" in rows.stdout
    assert "order_no=8" not in rows.stdout
    same = _diff(settings, "published", "newest")
    assert same.exit_code == 0, same.output
    for wrong in (("yesterday",), ("--table", "nothing")):
        trouble = _diff(settings, *wrong).exception
        assert isinstance(trouble, Trouble)
        assert trouble.status == 2
    assert list(settings.build.iterdir()) == []  # nothing spilled is left
