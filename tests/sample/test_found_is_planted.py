"""The load stage over a sample: every file, row and word ends as the manifest says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines.reading.refusals import FILE_RULES
from pipelines.settings import Settings, load_settings
from pipelines.sources import SOURCES
from pipelines.stages.build.accounts import LoadRecord, load_record
from pipelines.stages.load.load import load_all
from pipelines.stages.receive.pull import pull
from pipelines.stages.standing.resolve import Standing, resolve
from sample import Faults, Manifest, SampleFile

Made = tuple[Path, Manifest]
LEVELS = ["none", "some", "many"]


@dataclass
class Loaded:
    """A sample after pull and load."""

    manifest: Manifest
    settings: Settings
    standings: dict[str, Standing]
    ignored: set[str]

    def record(self, path: str) -> LoadRecord:
        """A file's line of the load audit."""
        return load_record(self.standings[path])

    def rows(self, source: str) -> pl.DataFrame:
        """All lake rows of a source."""
        parts = sorted((self.settings.lake / source).rglob("*.parquet"))
        return pl.concat([pl.read_parquet(p) for p in parts])


@pytest.fixture(scope="module", params=LEVELS)
def loaded(
    request: pytest.FixtureRequest,
    sample: Callable[[Faults], Made],
    tmp_path_factory: pytest.TempPathFactory,
) -> Loaded:
    out, manifest = sample(request.param)
    settings = load_settings(
        warehouse=tmp_path_factory.mktemp("warehouse"), landing=out,
        env={"JUANDI_PSEUDONYM_KEY": "0" * 64},
    )  # fmt: skip
    report = pull(settings)
    load_all(settings)
    standings = {s.receipt.landing_path: s for s in resolve(settings)}
    return Loaded(manifest, settings, standings, {i.path for i in report.ignored})


def test_every_file_ends_as_planted(loaded: Loaded) -> None:
    ignored = {f.path for f in loaded.manifest.files if f.status == "ignored"}
    assert loaded.ignored == ignored
    assert set(loaded.standings) == {f.path for f in loaded.manifest.files} - ignored
    for path, standing in loaded.standings.items():
        facts = loaded.manifest.file(path)
        assert standing.status == facts.status, (path, standing.outcome.refusal)
        refusal = standing.outcome.refusal or ""
        assert refusal.partition(":")[0] == (facts.rule or ""), path


def test_the_books_are_the_manifests(loaded: Loaded) -> None:
    """Law 1, file by file, in rows and in money."""
    for facts in loaded.manifest.files:
        if facts.status in ("ignored", "refused"):
            continue
        assert _books(loaded.record(facts.path)) == _expected(facts), facts.path


def _books(record: LoadRecord) -> tuple[object, ...]:
    return (
        (record.rows_read, record.amount_read_cny),
        (record.rows_loaded, record.amount_loaded_cny),
        (record.rows_quarantined, record.amount_quarantined_cny),
        (record.rows_duplicate, record.amount_duplicate_cny),
        (record.rows_superseded, record.amount_superseded_cny),
        (record.footer_rows, record.footer_amount_cny, record.footer_agrees),
        (record.is_truncated, record.repeated_headings, str(record.partition)),
    )


def _expected(facts: SampleFile) -> tuple[object, ...]:
    def yuan(fen: int | None) -> Decimal | None:
        return None if fen is None else Decimal(fen).scaleb(-2)

    rows = facts.rows
    return (
        (rows.read, yuan(rows.fen_read)),
        (rows.loaded, yuan(rows.fen_loaded)),
        (rows.quarantined, yuan(rows.fen_quarantined)),
        (rows.duplicate, yuan(rows.fen_duplicate)),
        (rows.superseded, yuan(rows.fen_superseded)),
        (facts.footer_rows, yuan(facts.footer_fen), facts.footer_agrees),
        (facts.truncated, facts.repeated_headings, facts.partition),
    )


def test_the_quarantine_holds_the_planted_rows_and_no_other(loaded: Loaded) -> None:
    parts = sorted(loaded.settings.quarantine.rglob("*.parquet"))
    found: dict[tuple[str, int], list[str]] = {}
    paths = {s.receipt.file_id: path for path, s in loaded.standings.items()}
    for part in parts:
        for row in pl.read_parquet(part).iter_rows(named=True):
            found[paths[row["source_file_id"]], row["source_row"]] = row["rule_ids"].split(";")
    planted = {
        (str(p.path), line): str(p.rule)
        for p in loaded.manifest.of_level("row") if p.outcome == "quarantined"
        for line in p.lines
    }  # fmt: skip
    assert set(found) == set(planted)
    for place, rule in planted.items():
        assert rule in found[place], place


def test_odd_spellings_keep_their_value(loaded: Loaded) -> None:
    orders = loaded.rows("tencent_donations").with_columns(
        amount=pl.col("amount_fen"), refund=pl.col("refund_fen")
    )
    for odd in loaded.manifest.of_level("value"):
        if odd.source != "tencent_donations":
            continue
        place = loaded.standings[str(odd.path)].receipt.file_id
        line = (pl.col("source_file_id") == place) & (pl.col("source_row") == odd.lines[0])
        row = orders.row(by_predicate=line, named=True)
        assert row["order_no"] == odd.key, odd
        got = row[str(odd.column)]
        match odd.column:
            case "amount":
                assert got == int(Decimal(str(odd.expected)) * 100), odd
            case "paid_at":
                parts = str(odd.expected).replace("/", " ").replace("-", " ").replace(":", " ")
                told = [int(x) for x in parts.split()]
                assert [got.year, got.month, got.day, got.hour, got.minute, got.second] == told
            case "is_anonymous":
                assert got is (odd.expected == "是"), odd
            case "project_name":
                assert got == odd.text, odd
            case _:
                assert got == odd.expected, odd
        if odd.note == "kept in unread":
            assert f"{odd.column}={odd.text}" in row["unread"]


def test_what_could_not_be_read_was_planted(loaded: Loaded) -> None:
    kept = [p for p in loaded.manifest.planted if "unread" in f"{p.note}{p.expected}"]
    sources = {f.source for f in loaded.manifest.files}
    found = sum(loaded.rows(s)["unread"].is_not_null().sum() for s in sources)
    assert found == len(kept)


def test_drift_names_the_planted_words_and_columns(loaded: Loaded) -> None:
    """Open-platform states other than 11 are kept as digits by contract and are not planted."""
    for path, standing in loaded.standings.items():
        told = standing.outcome
        if standing.status != "loaded":
            continue
        words = Counter({
            (c, w): n for c, w, n in told.unknown_codes if not (c == "status" and w in ("10", "12"))
        })  # fmt: skip
        here = [p for p in loaded.manifest.of_level("drift") if p.path == path]
        planted = Counter((p.column, p.text) for p in here if p.kind == "unknown_code")
        assert words == planted, path
        columns = {p.column for p in here if p.kind == "unknown_column"}
        assert set(told.unknown_columns) == columns, path


def test_gifts_in_their_newest_state_are_the_totals(loaded: Loaded) -> None:
    """Over the files that stand, newest first by day, then by receipt, then by line."""
    active = [s.receipt.file_id for s in loaded.standings.values() if s.is_active]
    orders = loaded.rows("tencent_donations").filter(pl.col("source_file_id").is_in(active))
    newest = orders.sort("export_date", "received_no", "source_row").unique(
        "order_no", keep="last", maintain_order=True
    )
    paid = newest.filter(pl.col("status").is_in(["支付成功", "已退款", "部分退款"]))
    totals = loaded.manifest.totals
    assert paid.height == totals["gifts"]
    assert paid["amount_fen"].sum() == totals["gross_fen"]
    assert paid["refund_fen"].sum() == totals["refunded_fen"]
    assert newest.height - paid.height == totals["unpaid_orders"]
    assert paid["donor_key"].drop_nulls().n_unique() == totals["donors"]


def test_many_breaks_every_rule_once(sample: Callable[[Faults], Made]) -> None:
    planted = sample("many")[1].planted
    broken = {p.rule for p in planted if p.level == "row"}
    declared = {r.rule_id for s in SOURCES.values() for r in s.rules}
    assert declared <= broken
    assert {"any.field_count", "any.malformed", "any.cut_off", "any.damaged_id"} <= broken
    # of the store and the program, of sums and headings no sample has: seen in tests/stages
    elsewhere = {"file.unreadable", "file.lost", "file.given_up", "file.beyond_bounds",
                 "file.unit", "file.two_columns"}  # fmt: skip
    planted_files = {p.rule for p in planted if p.level == "file" and p.rule}
    assert set(FILE_RULES) - elsewhere == planted_files
    closed = {f"{s.name}.{c.name}.known" for s in SOURCES.values() for c in s.columns if c.closed}
    assert closed <= broken
