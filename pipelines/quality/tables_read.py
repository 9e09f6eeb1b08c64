"""Which tables a rule reads, its helpers' reading included: what must be there to ask it.

Names are looked for in the SQL's text; nothing is parsed or run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pipelines.quality.connection import Helper
from pipelines.quality.suites import SuiteRule

_NAME = re.compile(r"\b(?:juandi\.)?([a-z_]+)\.([a-z][a-z0-9_]*)")


def tables_read(rule: SuiteRule, helpers: Mapping[str, Helper]) -> set[tuple[str, str]]:
    """(schema, name) of the table that the rule is about and of all that its SQL may read.

    There may be more among them: a column behind the name of its table reads the same. What a
    helper reads whose query is written from the catalogue is not known.
    """
    schema, _, name = rule.table_name.partition(".")
    texts = (rule.sql, rule.skip_when, rule.observe)
    return {(schema, name), *_named(" ".join(filter(None, texts)), helpers, set())}


def _named(sql: str, helpers: Mapping[str, Helper], seen: set[str]) -> Iterator[tuple[str, str]]:
    for schema, name in _NAME.findall(sql):
        yield schema, name
        helper = helpers.get(name) if schema == "gate" else None
        if isinstance(helper, str) and name not in seen:
            seen.add(name)
            yield from _named(helper, helpers, seen)
