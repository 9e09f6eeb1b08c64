"""How many rows a rule weighed: its own query's, before what tells the broken from the sound.

A suite's rule selects the rows that break it. What its query would give without the condition that
picks those is what the rule was tried on: each of a table's rows, each pair of totals compared,
each group. Of conditions joined by AND, the last one picks the broken rows, and those before it say
which rows the rule is about; brackets make one condition of several. The condition is taken off the
parsed query, so that nothing is said twice.
"""

from __future__ import annotations

from functools import lru_cache

import sqlglot
from sqlglot import exp

_DIALECT = "duckdb"


@lru_cache(maxsize=1000)
def weighed(sql: str) -> str | None:
    """The query that counts what `sql` weighs; None where every row that it reads is a broken one.

    Raises sqlglot.errors.ParseError for what is no query.
    """
    query = sqlglot.parse_one(sql, dialect=_DIALECT)
    if not all(_open(part) for part in _parts(query)):
        return None
    return f"SELECT count(*) FROM ({query.sql(dialect=_DIALECT)}) AS weighed"


def _parts(query: exp.Expr) -> list[exp.Select]:
    """The selects whose rows are the query's: itself, or those that it sets one below the other."""
    if isinstance(query, exp.SetOperation):
        return [*_parts(query.left), *_parts(query.right)]
    if not isinstance(query, exp.Select):
        raise TypeError(f"not a SELECT: {query.sql(dialect=_DIALECT)[:100]}")
    return [query]


def _open(part: exp.Select) -> bool:
    """Takes off the last condition that narrows a select's rows; False where there is none."""
    for name in ("qualify", "having", "where"):
        clause = part.args.get(name)
        if clause is not None:
            if isinstance(clause.this, exp.And):
                clause.set("this", clause.this.left)
            else:
                part.set(name, None)
            return True
    joins = part.args.get("joins") or []
    kept = [join for join in joins if "ANTI" not in (join.side, join.kind)]
    part.set("joins", kept)
    return len(kept) < len(joins)
