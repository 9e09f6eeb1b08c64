"""What dbt made of the project, as data: a query for every seed, model and test, in order.

Written once for a project (`dbt_compiler`), run every night (`models`). Knows neither dbt nor
DuckDB.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

_FILE = "statements.json"


class GoesOn(StrEnum):
    """What of the last release a build goes on from; some queries differ by it."""

    NOTHING = "nothing"
    GIFTS = "gifts"
    DONORS = "gifts and donors"


@dataclass(frozen=True)
class Node:
    """A seed, model or data test.

    `relation` is what it makes: a view, or a table, which is appended to where it `is_appended`
    and there already; of a test the table for its failing rows. `queries` has the text for
    GoesOn.NOTHING, and for others where they differ. `after` are the unique ids of what it reads.
    A node that `is_large` holds a row per order or donor in memory. `compressed` names columns for
    which DuckDB is not to find out itself how they are kept.
    """

    unique_id: str
    resource_type: str
    relation: str
    after: Sequence[str]
    queries: Mapping[str, str]
    is_view: bool = False
    is_appended: bool = False
    is_large: bool = False
    columns: Mapping[str, str] | None = None  # name → DuckDB's type: the contract, where it is one
    compressed: Mapping[str, str] = field(default_factory=dict)  # column → method
    comments: str = ""  # statements
    forgets: str = ""  # the statement that makes room before rows are appended
    severity: str = "error"
    warn_if: str = ""
    error_if: str = ""
    counts: str = ""  # of a test: what is counted of its failing rows

    def query(self, goes_on: GoesOn) -> str:
        """Its text in such a build."""
        return self.queries.get(goes_on) or self.queries[GoesOn.NOTHING]


@dataclass(frozen=True)
class NodeResult:
    """What became of one node, in dbt's words.

    A seed or model is a success, an error or skipped (what it reads was not made); a test is a
    pass, a warn, a fail, an error or skipped.
    """

    unique_id: str
    resource_type: str
    status: str
    failures: int | None
    message: str | None
    seconds: float
    failing: str | None = None  # the table in the work database that holds a test's failing rows

    @property
    def is_made(self) -> bool:
        """True of a seed or model that can be read."""
        return self.status == "success"


def write_statements(folder: Path, nodes: Sequence[Node]) -> None:
    """Into `folder`, where `read_statements` finds them."""
    text = json.dumps([asdict(node) for node in nodes], ensure_ascii=False, indent=0)
    (folder / _FILE).write_text(text, encoding="utf-8")


def read_statements(folder: Path) -> list[Node]:
    """All nodes, as dbt ordered them. Raises OSError, ValueError."""
    return [Node(**told) for told in json.loads((folder / _FILE).read_text(encoding="utf-8"))]


def seed_file(folder: Path, relation: str) -> Path:
    """Where the rows of a seed lie: a Parquet file, typed as dbt typed them."""
    return folder / f"{relation.rsplit('.', 1)[-1].strip(chr(34))}.parquet"
