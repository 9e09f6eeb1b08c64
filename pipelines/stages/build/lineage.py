"""From which columns a query makes each of its own: read from the SQL, nothing is run.

What names mean in the graph is the definitions' business.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import lineage

from pipelines.stages.build.tables import Described, Name


class ColumnRead(NamedTuple):
    """A column of a table of the build."""

    schema: str
    table: str
    name: str


def columns_read(
    query: str, tables: Mapping[Name, Sequence[Described]], dialect: str = "duckdb"
) -> Mapping[str, Sequence[ColumnRead]]:
    """The columns of tables behind each column of `query`, in order of their names.

    A column made of no other has none. Empty where the query cannot be understood: lineage is told
    where it is known, and never guessed.
    """
    schemas: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    for (schema, table), columns in tables.items():
        if table in query:
            schemas[schema][table] = {c.name: c.kind for c in columns}
    try:
        found = lineage(None, query, dict(schemas), dialect=dialect, trim_selects=False)
    except SqlglotError:
        return {}
    return {
        column: sorted(
            {
                above
                for leaf in node.walk()
                if not leaf.downstream and isinstance(leaf.source, exp.Table)
                for name in [leaf.name.split(".")[-1]]
                for above in [ColumnRead(leaf.source.db, leaf.source.name, name)]
                if above.name in schemas.get(above.schema, {}).get(above.table, {})
            }
        )
        for column, node in found.items()
    }
