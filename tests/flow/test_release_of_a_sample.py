"""The laws on one published release of a sample with every kind of fault planted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from pipelines.settings import Settings
from sample import Faults, Manifest
from tests.flow.conftest import Released, archived_lines

pytestmark = [pytest.mark.flow, pytest.mark.timeout(600)]


@dataclass
class Night:
    """A published release, and what the sample it was made from holds."""

    settings: Settings
    manifest: Manifest
    file: duckdb.DuckDBPyConnection

    def all(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query on the published file."""
        return self.file.execute(sql).fetchall()


@pytest.fixture(scope="module")
def made(released: Callable[[Faults], Released]) -> Night:
    release = released("many")
    return Night(release.settings, release.manifest, release.file)


def test_law_1_every_file_adds_up_as_planted(made: Night) -> None:
    audit = {
        path: told
        for path, *told in made.all(
            "select landing_path, status, rows_read, rows_loaded, rows_quarantined, rows_duplicate,"
            " rows_superseded, amount_read_cny, amount_loaded_cny, amount_quarantined_cny,"
            " amount_duplicate_cny, amount_superseded_cny from ops.load_audit"
        )
    }
    for told in audit.values():
        assert told[1] == sum(told[2:6])
        assert told[6] == sum(told[7:])
    parts = ("loaded", "quarantined", "duplicate", "superseded")
    for file in made.manifest.files:
        if file.status == "ignored":
            assert file.path not in audit
            continue
        status, *rest = audit[file.path]
        assert status == file.status, file.path
        if file.status in ("loaded", "duplicate", "reissue", "superseded"):
            rows = [file.rows.read, *(getattr(file.rows, p) for p in parts)]
            fen = [file.rows.fen_read, *(getattr(file.rows, f"fen_{p}") for p in parts)]
            assert rest == [*rows, *(Decimal(f).scaleb(-2) for f in fen)], file.path


def test_every_planted_row_fault_is_in_quarantine_under_its_rule_and_line(made: Night) -> None:
    found = {
        (path, row): set(str(rules).split(";"))
        for path, row, rules in made.all(
            "select a.landing_path, q.source_row, q.rule_ids from ops.quarantine q"
            " join ops.load_audit a using (source_file_id)"
        )
    }
    planted = [p for p in made.manifest.planted if p.outcome == "quarantined"]
    assert planted
    for fault in planted:
        for line in fault.lines:
            assert fault.rule is None or fault.rule in found[fault.path, line]
    assert set(found) == {(p.path, line) for p in planted for line in p.lines}


def test_gaps_found_are_gaps_planted(made: Night) -> None:
    found = made.all("select chain_id, subject_id, level_no, gap_type from marts.audit_gaps")
    planted = [
        (p.chain_id, p.subject_id, p.level_no, p.rule)
        for p in made.manifest.planted
        if p.level == "review"
    ]
    assert Counter(found) == Counter(planted)
    assert len({gap for *_, gap in planted}) == 11


def test_the_campaign_is_what_was_generated(made: Night) -> None:
    totals = made.manifest.totals
    (told,) = made.all(
        "select entries, admitted, organizations, domains, prefectures_covered, donation_count,"
        " gross_cny from marts.campaign_summary where campaign_id = 'scsl-2024'"
    )
    assert told[:5] == (296, 208, 168, 8, 21)
    assert told[5] == totals["gifts"]
    assert told[6] == Decimal(totals["gross_cny"])
    daily = made.all("select sum(donation_count) from marts.campaign_daily")
    assert daily == made.all(
        "select count(*) from star.fact_donation where campaign_id is not null"
    )


def test_law_6_a_fact_row_leads_to_the_line_it_came_from(made: Night) -> None:
    rows = made.all(
        "select f.order_no, f.source_row, a.sha256, a.source from star.fact_donation f"
        " join ops.load_audit a using (source_file_id)"
        " where a.file_name not like '%.zip' and a.file_name not like '%.gz'"
        " and a.encoding in ('utf-8', 'gb18030') order by hash(f.order_no) limit 40"
    )
    assert len(rows) == 40
    for order_no, line, sha256, source in rows:
        archived = archived_lines(made.settings, str(source), str(sha256))
        assert str(order_no).encode() in archived[int(str(line)) - 1]
    (orphans,) = made.all(
        "select count(*) from star.fact_donation f"
        " anti join ops.load_audit a using (source_file_id)"
    )
    assert orphans == (0,)


def test_law_7_no_figure_is_a_float(made: Night) -> None:
    floats = made.all(
        "select schema_name, table_name, column_name, data_type from duckdb_columns()"
        " where schema_name in ('star', 'marts', 'ops') and data_type in ('DOUBLE', 'FLOAT')"
    )
    assert not floats
    money = made.all(
        "select column_name, data_type from duckdb_columns() where schema_name in ('star', 'marts')"
        " and column_name like '%_cny' and data_type <> 'DECIMAL(18,2)'"
    )
    assert not money


def test_law_8_what_could_not_be_read_is_null_with_its_text(made: Night) -> None:
    fault = next(p for p in made.manifest.planted if p.kind == "unit_without_digits")
    import polars as pl

    lake = pl.read_parquet(f"{made.settings.lake}/{fault.source}/**/*.parquet")
    (row,) = lake.filter(pl.col("unread").str.contains(f"{fault.column}=")).to_dicts()[:1]
    assert row[f"{fault.column}_fen"] is None
    assert fault.text in row["unread"]


def test_law_9_nobody_is_named(made: Night) -> None:
    names = re.compile(
        r"合成用户|合成捐赠人|合成队长|合成审查人|example\.invalid|SYNU\d"
        r"|(?:^|[^0-9])1[2-9]\d{9}(?:[^0-9]|$)"
    )
    for schema, table, column in made.all(
        "select schema_name, table_name, column_name from duckdb_columns()"
        " where schema_name in ('star', 'marts', 'ops') and data_type = 'VARCHAR'"
    ):
        if column in ("sha256", "order_no"):
            continue
        (hit,) = made.all(
            f"select count(*) from {schema}.{table}"
            f" where regexp_matches({column}, '{names.pattern}')"
            # a pseudonym or a hash may happen to hold the digits of a telephone number
            f" and not regexp_full_match({column}, '[0-9a-f]{{16,64}}')"
        )
        assert hit == (0,), f"{schema}.{table}.{column}"


def test_everything_published_is_described_in_both_languages(made: Night) -> None:
    bare = made.all(
        "select schema_name, table_name, column_name from duckdb_columns()"
        " where schema_name in ('star', 'marts', 'ops')"
        " and (comment is null or not regexp_matches(comment, '[一-龥].* / ')) limit 20"
    )
    assert not bare
    views = made.all("select view_name from duckdb_views() where not internal")
    assert not views


def test_what_a_replacement_changed_is_told(made: Night) -> None:
    told = Counter(c for (c,) in made.all("select change from ops.restatements"))
    planted = Counter(p.kind for p in made.manifest.planted)
    assert told["changed"] >= planted["restated"]
    assert told["removed"] >= planted["withdrawn"]


def test_the_ops_tables_have_the_columns_people_were_promised(made: Night) -> None:
    promised = {
        "load_audit": "source_file_id source partition file_name sha256 bytes encoding dialect"
        " rows_read rows_loaded rows_quarantined rows_duplicate rows_superseded amount_read_cny"
        " amount_loaded_cny amount_quarantined_cny amount_duplicate_cny amount_superseded_cny"
        " footer_rows footer_amount_cny footer_agrees status reason loaded_at",
        "quarantine": "quarantine_id source file_name source_row rule_ids reasons_zh reasons_en"
        " raw_text first_seen state",
        "source_health": "source last_good_partition last_loaded_at hours_stale expected_every"
        " open_quarantine status",
        "gate_results": "rule_id layer table_name severity status observed failing_rows sample"
        " description_zh description_en",
        "releases": "release_id published_at as_of content_hash rows gates_passed warnings",
        "restatements": "partition key",
        "drift": "source",
        "rules": "rule_id",
    }
    for table, columns in promised.items():
        there = {
            name
            for (name,) in made.all(
                f"select column_name from duckdb_columns() where schema_name = 'ops'"
                f" and table_name = '{table}'"
            )
        }
        assert set(columns.split()) <= there, table
