"""What a rule weighed: its query without the condition that picks the broken rows."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.quality.suites import load_suites
from pipelines.quality.weighed import weighed

ROWS = """
CREATE TABLE rows AS SELECT * FROM (VALUES (1, 'a', 5), (2, 'a', -1), (3, 'b', 7), (4, 'b', 8))
  AS told(n, kind, cny);
CREATE TABLE others AS SELECT * FROM (VALUES (1), (2), (3)) AS told(n);
"""
#: A rule's query → what it weighs in these rows.
WEIGHED = {
    "SELECT n FROM rows WHERE cny < 0": 4,
    "SELECT n FROM rows WHERE kind = 'a' AND cny < 0": 2,
    "SELECT n FROM rows WHERE (kind = 'a' AND cny < 0)": 4,
    "SELECT n FROM rows WHERE kind = 'a' AND n > 0 AND cny < 0": 2,
    "SELECT kind FROM rows WHERE n > 2 GROUP BY kind HAVING sum(cny) < 0": 1,
    "SELECT kind, count(*) FROM rows GROUP BY ALL HAVING count(*) > 2": 2,
    "SELECT DISTINCT kind FROM rows WHERE cny < 0": 2,
    "SELECT n FROM rows ANTI JOIN others USING (n)": 4,
    "SELECT n FROM rows WHERE n NOT IN (SELECT n FROM others WHERE n > 1)": 4,
    "WITH a AS (SELECT * FROM rows WHERE kind = 'b') SELECT n FROM a WHERE cny > 7": 2,
    "SELECT n FROM rows WHERE cny < 0 UNION ALL SELECT n FROM others WHERE n > 9": 7,
    "SELECT n FROM rows QUALIFY row_number() OVER (ORDER BY n) > 3": 4,
}


@pytest.mark.parametrize("sql", WEIGHED)
def test_what_a_query_weighs(sql: str) -> None:
    """Rows, keys or groups: those that it would give if none of them were sound."""
    counting = weighed(sql)
    assert counting is not None
    with duckdb.connect() as connection:
        connection.execute(ROWS)
        assert connection.execute(counting).fetchone() == (WEIGHED[sql],)
        broken = connection.execute(sql).fetchall()
        assert len(broken) <= WEIGHED[sql]


def test_a_query_without_a_condition_says_nothing_of_it() -> None:
    """Where every row is a broken one, what was weighed is unknown and not nought."""
    assert weighed("SELECT n FROM rows JOIN others USING (n)") is None


def test_nearly_every_rule_says_what_it_weighs() -> None:
    """Those that cannot are few, and known."""
    unknown = {r.rule_id for suite in load_suites() for r in suite.rules if not weighed(r.sql)}
    assert unknown == {
        "loaded.archive_faults.every_file_is_kept",
        "star.fact_matching.no_grant_is_a_gift",
        "star.fact_settlement.days_between_bills_are_billed",
    }
