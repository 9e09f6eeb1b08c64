"""The review marts against an oracle in plain Python, over hundreds of random subjects.

The oracle (`review_oracle`, `review_oracle_gaps`) follows the definitions subject by subject; the
marts are built by dbt from the same lake rows. Every status and every kind of gap has to occur.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields
from random import Random
from typing import Any

import pytest

from tests.dbt import review_expected as expected
from tests.dbt.review_oracle import Chain, Row, read
from tests.dbt.review_oracle_gaps import GAP_TYPES, STATUSES, Gap, gaps
from tests.dbt.review_scenarios import AS_OF, OPINION, Scenarios
from tests.dbt.review_warehouse import Warehouse

LAKE = Scenarios(seed=20240802, chains=80, subjects=9).lake
CHAINS = read(LAKE)
GAPS = {chain_id: gaps(chain, AS_OF) for chain_id, chain in CHAINS.items()}
Release = dict[str, list[dict[str, Any]]]
PUBLISHED = (
    "marts.audit_subjects",
    "marts.audit_matrix",
    "marts.audit_gaps",
    "marts.audit_completeness",
    "star.dim_review_level",
    "star.fact_review_event",
    "star.fact_review_status",
)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return Warehouse(tmp_path_factory.mktemp("reviews"))


@pytest.fixture(scope="module")
def built(warehouse: Warehouse) -> Release:
    warehouse.fill(LAKE, AS_OF)
    statuses = warehouse.build()
    assert not {name: s for name, s in statuses.items() if s not in ("success", "pass", "warn")}
    return {table: warehouse.rows(f"select * from {table}") for table in PUBLISHED}


def _all(rows: Callable[[Chain, set[Gap]], Iterator[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [row for chain_id, chain in CHAINS.items() for row in rows(chain, GAPS[chain_id])]


def _only(row: dict[str, Any], like: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in like}


def _records(chain: Chain) -> list[Row]:
    return [record for subject in chain.subjects.values() for record in subject.records]


def _agree(actual: list[dict[str, Any]], expected: list[dict[str, Any]], key: int) -> None:
    """Rows are equal over the expected columns; the first `key` of them tell rows apart."""
    names = list(expected[0])
    got = {tuple(row[n] for n in names[:key]): _only(row, expected[0]) for row in actual}
    want = {tuple(row[n] for n in names[:key]): row for row in expected}
    assert len(got) == len(actual)
    assert sorted(want.keys() ^ got.keys()) == []
    assert [(want[k], got[k]) for k in want if want[k] != got[k]][:3] == []


def test_the_scenarios_hold_every_case() -> None:
    """Else agreeing would prove little."""
    kinds = Counter(gap.gap_type for found in GAPS.values() for gap in found)
    statuses = Counter(
        s.status(level) for c in CHAINS.values() for s in c.subjects.values() for level in c.levels
    )
    complete = Counter(
        expected.is_complete(c, GAPS[c.chain_id], s) for c in CHAINS.values() for s in c.subjects
    )
    satisfied = Counter(
        expected.is_satisfied(c, GAPS[c.chain_id]) for c in CHAINS.values() if c.campaigns
    )
    of_no_campaign = Counter(
        expected.is_satisfied(c, GAPS[c.chain_id]) for c in CHAINS.values() if not c.campaigns
    )
    numbers = Counter(r["record_no"] for c in CHAINS.values() for r in _records(c))
    assert set(kinds) == GAP_TYPES
    assert min(kinds.values()) >= 5, kinds
    assert set(statuses) == STATUSES
    assert min(statuses.values()) >= 20, statuses
    assert min(complete[True], complete[False]) >= 50
    assert sum(complete.values()) >= 500
    assert min(satisfied[True], satisfied[False], satisfied[None]) >= 3, satisfied
    assert min(of_no_campaign[True], of_no_campaign[False], of_no_campaign[None]) >= 2
    assert max(numbers.values()) > 20  # charities number each register from 1
    assert any(not c.required and c.subjects for c in CHAINS.values())
    assert any(len(c.campaigns) > 1 for c in CHAINS.values())


def test_gaps(built: Release) -> None:
    names = [f.name for f in fields(Gap)]
    actual = [Gap(**{n: row[n] for n in names}) for row in built["marts.audit_gaps"]]
    wanted = set().union(*GAPS.values())
    assert len(actual) == len(set(actual))
    assert [gap for gap in wanted if gap not in set(actual)][:3] == []
    assert [gap for gap in actual if gap not in wanted][:3] == []


def test_details_name_the_subject_and_nobody_else(built: Release) -> None:
    for row in built["marts.audit_gaps"]:
        subject = CHAINS[row["chain_id"]].subjects.get(row["subject_id"])
        for text in (row["detail_zh"], row["detail_en"]):
            assert text.endswith(("。", "."))
            if subject:
                assert subject.subject_id in text
                assert (subject.name or "") in text


def test_matrix(built: Release) -> None:
    _agree(built["marts.audit_matrix"], _all(expected.matrix), key=3)


def test_subjects(built: Release) -> None:
    _agree(built["marts.audit_subjects"], _all(expected.subjects), key=2)


def test_completeness(built: Release) -> None:
    _agree(built["marts.audit_completeness"], _all(expected.completeness), key=2)


def test_events_keep_every_record(built: Release) -> None:
    rows = [row for chain in CHAINS.values() for row in expected.events(chain)]
    _agree(built["star.fact_review_event"], rows, key=2)


def test_status_times(built: Release) -> None:
    rows = [row for chain in CHAINS.values() for row in expected.status_times(chain)]
    _agree(built["star.fact_review_status"], rows, key=2)


def test_opinions_are_not_published(built: Release) -> None:
    assert any(row["has_opinion"] for row in built["star.fact_review_event"])
    published = [value for table in built.values() for row in table for value in row.values()]
    assert not any(isinstance(value, str) and OPINION in value for value in published)


def test_order_of_rows_changes_nothing(warehouse: Warehouse, built: Release) -> None:
    shuffle = Random(1)  # noqa: S311 — a seeded test, no secret
    shuffled = {name: shuffle.sample(rows, len(rows)) for name, rows in LAKE.items()}
    warehouse.fill(shuffled, AS_OF)
    warehouse.build(without=("unit_test", "test"))
    for table, rows in built.items():
        again = warehouse.rows(f"select * from {table}")
        assert sorted(map(repr, again)) == sorted(map(repr, rows)), table


def test_an_empty_lake_builds_and_every_unit_test_passes(warehouse: Warehouse) -> None:
    warehouse.fill({}, AS_OF)
    statuses = warehouse.build(without=())
    assert {name: s for name, s in statuses.items() if s not in ("success", "pass")} == {}
    for table in PUBLISHED:
        assert len(warehouse.rows(f"select * from {table}")) == (table == "star.dim_review_level")
    assert {"int_review_levels_every_status", "int_review_gaps_late_late"} <= set(statuses)
