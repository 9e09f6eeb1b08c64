"""What the rows of two files have in common, asked of the lake once and then kept.

Every file is read once per question, never once per pair; answers go into the lake's catalogue by
what was read, so that no later night asks again. What follows from an answer is `resolve`'s.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import duckdb

from pipelines.settings import Settings
from pipelines.sources import Kind, Source
from pipelines.sources.contract import META_COLUMNS
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.receipts import Outcome, Receipt
from pipelines.stages.store.zones import lake_folder

_AT_ONCE = 500  # files in one query
#: What stands between the values of a row, and for a missing value.
_BETWEEN, _NOTHING = "chr(31)", "chr(30)"

Read: TypeAlias = tuple[Receipt, Outcome]


@dataclass(frozen=True)
class Fingerprint:
    """The fingerprint of a file's rows, whatever their order: equal for equal rows.

    `is_telling`: another file cannot hold the very same rows by chance.
    """

    digest: str
    is_telling: bool


@dataclass(frozen=True)
class Factor:
    """Of `shared` keys, `exact` have an amount that is exactly the factor times an earlier one."""

    shared: int
    exact: int
    other: str | None  # the file with most of them


def _asked(what: str, files: Iterable[Read], *rest: object) -> str:
    """The digest of a question: it changes when a file is read again."""
    text = json.dumps([[r.file_id, o.loaded_at] for r, o in files] + list(rest))
    return f"{what} {hashlib.sha256(text.encode()).hexdigest()[:32]}"


class Likeness:
    """Questions about files of one source."""

    def __init__(self, settings: Settings, source: Source) -> None:
        self._settings, self._source = settings, source
        self._catalog = Catalog(settings)
        self._new: dict[str, str] = {}

    @cached_property
    def _answers(self) -> dict[str, str]:
        return self._catalog.answers(self._source.name)

    def _answer(self, answers: Mapping[str, Any]) -> None:
        texts = {question: json.dumps(answer) for question, answer in answers.items()}
        self._answers.update(texts)
        self._new.update(texts)

    def keep(self) -> None:
        """Writes the new answers, all at once."""
        if self._new:
            self._catalog.keep_answers(self._source.name, self._new)
            self._new = {}

    def _known(self, question: str) -> Any:
        answer = self._answers.get(question)
        return None if answer is None else json.loads(answer)

    @contextmanager
    def _lake(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with duckdb.connect() as db:
            db.execute(f"set memory_limit = '{self._settings.memory_limit}'")
            db.execute(f"set temp_directory = '{self._settings.build / 'likeness'}'")
            yield db

    def _rows(self, files: Iterable[Read]) -> str:
        parts = ", ".join(
            f"'{lake_folder(self._settings, receipt, outcome.partition)}/*.parquet'"
            for receipt, outcome in files
        )
        return f"read_parquet([{parts}], hive_partitioning = false)"

    @cached_property
    def _own(self) -> list[str]:
        return [c for c in self._source.lake_schema() if c not in META_COLUMNS]

    def _row_text(self, columns: Sequence[str]) -> str:
        texts = (f'coalesce("{c}"::varchar, {_NOTHING})' for c in columns)
        return f"concat_ws({_BETWEEN}, {', '.join(texts)})"

    def fingerprints(self, files: Sequence[Read]) -> dict[str, Fingerprint]:
        """By file id; without those whose rows cannot be read at the moment."""
        found: dict[str, Fingerprint] = {}
        due: list[Read] = []
        for file in files:
            known = self._known(_asked("rows", [file]))
            if known is None:
                due.append(file)
            else:
                found[file[0].file_id] = Fingerprint(*known)
        for start in range(0, len(due), _AT_ONCE):
            some = due[start : start + _AT_ONCE]
            rows = self._query(self._fingerprint_sql(some)) or []
            new = {file_id: Fingerprint(digest, bool(telling)) for file_id, digest, telling in rows}
            found |= new
            self._answer(
                {
                    _asked("rows", [file]): [fp.digest, fp.is_telling]
                    for file in some
                    if (fp := new.get(file[0].file_id))
                }
            )
        return found

    def _query(self, sql: str) -> list[tuple[Any, ...]] | None:
        """None where a part of the lake is missing: it is read again before the next build."""
        try:
            with self._lake() as db:
                return db.execute(sql).fetchall()
        except (duckdb.IOException, duckdb.InvalidInputException):
            self._catalog.unsettle()  # asked again, it may be answered
            return None

    def _fingerprint_sql(self, files: Iterable[Read]) -> str:
        telling = "true" if self._source.key else self._telling()
        return f"""
            select source_file_id,
                   concat_ws(':', sum(md5_number_lower(row_text)),
                             bit_xor(md5_number_upper(row_text))),
                   {telling}
            from (select *, {self._row_text(self._own)} as row_text from {self._rows(files)})
            group by source_file_id
        """

    def _telling(self) -> str:
        """Twenty distinct rows, or in every row a date or a number that is not just its place."""
        signs = ["count(distinct row_text) >= 20"]
        for column in self._source.columns:
            name = f'"{column.lake_name}"'
            if column.personal:
                continue
            if column.kind in (Kind.DATE, Kind.DATETIME):
                signs.append(f"bool_and({name} is not null)")
            elif column.kind is Kind.ID:
                signs.append(
                    f"(bool_and({name} is not null) and count(distinct {name}) = count(*)"
                    f" and coalesce(min(try_cast({name} as hugeint)) > count(*), true))"
                )
        return f"({' or '.join(signs)})"

    def shared(self, group: Sequence[Read]) -> dict[tuple[str, str], int]:
        """(file id, file id) → keys, or rows where there is no key, that both of `group` hold."""
        files = sorted(group, key=lambda file: file[0].received_no)
        question = _asked("shared", files)
        known = self._known(question)
        if known is None:
            rows = self._query(self._shared_sql(files))
            known = [list(row) for row in rows or ()]
            if rows is not None:
                self._answer({question: known})
        return {(one, other): int(n) for one, other, n in known}

    def _shared_sql(self, files: Iterable[Read]) -> str:
        row_text = self._row_text(self._source.key or self._own)
        # of equal rows without a key, as many are shared as both hold
        number = (
            "1" if self._source.key else "row_number() over (partition by source_file_id, row_text)"
        )
        return f"""
            with texts as (
                select source_file_id, {row_text} as row_text from {self._rows(files)}
            ),
            marks as (select source_file_id as file, hash(row_text, {number}) as mark from texts)
            select one.file, other.file, count(*)
            from marks as one
            inner join marks as other on one.mark = other.mark and one.file <> other.file
            group by all
        """

    def factor(self, new: Read, earlier: Sequence[Read], factor: float) -> Factor:
        """Of the keys that `new` shares with earlier files, those just `factor` times as large."""
        question = _asked("factor", [new, *earlier], factor)
        known = self._known(question)
        if known is None:
            rows = self._query(self._factor_sql(new, earlier, factor)) if earlier else []
            most = max(rows or (), key=lambda row: row[2], default=(None, 0, 0))
            known = [sum(row[1] for row in rows or ()), sum(row[2] for row in rows or ()), most[0]]
            if rows is not None:
                self._answer({question: known})
        return Factor(*known)

    def _factor_sql(self, new: Read, earlier: Sequence[Read], factor: float) -> str:
        source = self._source
        money = source.by_name[source.money_column or ""].lake_name
        join = " and ".join(f'o."{k}" is not distinct from n."{k}"' for k in source.key)
        up, down = (round(factor), 1) if factor > 1 else (1, round(1 / factor))
        return f"""
            select o.source_file_id, count(*),
                   count(*) filter (n."{money}" * {down} = o."{money}" * {up})
            from {self._rows([new])} as n
            inner join {self._rows(earlier)} as o on {join}
            where n."{money}" > 0 and o."{money}" > 0
            group by all
        """
