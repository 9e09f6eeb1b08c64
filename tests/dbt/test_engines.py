"""Engines differ in one folder of macros; models, and all other macros, name none.

What the macros mean is asked of both engines, on the values where they would differ: nulls, empty
texts, ends of months, line breaks, numbers that 64 bits do not hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import jinja2
import pytest

from pipelines.settings import DBT_PROJECT

ENGINES = DBT_PROJECT / "macros" / "engines"
_COMMENTS = re.compile(r"\{#.*?#\}|--[^\n]*", re.DOTALL)


def _sql(folder: Path) -> Iterator[tuple[str, str]]:
    """(name, text without comments) of every file of SQL."""
    for path in sorted(folder.rglob("*.sql")):
        yield path.name, _COMMENTS.sub("", path.read_text(encoding="utf-8"))


def _elsewhere() -> Iterator[tuple[str, str]]:
    """All SQL of the project that stands outside the one folder."""
    for part in ("models", "tests", "macros"):
        for path in sorted((DBT_PROJECT / part).rglob("*.sql")):
            if ENGINES not in path.parents:
                yield path.name, _COMMENTS.sub("", path.read_text(encoding="utf-8"))


def test_only_the_one_folder_knows_of_engines() -> None:
    for name, text in _elsewhere():
        found = re.search(
            r"adapter\.(dispatch|type)|adapter=|target\.(type|name)|duckdb|spark|default__", text
        )
        assert found is None, f"{name}: {found.group()} belongs into macros/engines"


def test_what_is_dispatched_is_written_for_both() -> None:
    texts = dict(_sql(ENGINES))
    macros = {found for text in texts.values() for found in re.findall(r"macro (\w+)\(", text)}
    asked = {found for text in texts.values() for found in re.findall(r"dispatch\('(\w+)'", text)}
    assert len(asked) > 8
    for name in asked:
        assert f"duckdb__{name}" in macros, name
        assert macros & {f"spark__{name}", f"default__{name}"}, name


#: What only one engine knows, or each in its own way; macros/engines has a name for it. `concat`
#: passes over null in one engine and is null in the other: `concat_ws('', …)` passes over it in
#: both, `||` is null in both.
_ONE_ENGINE = re.compile(
    r"(?<![_.\w])(concat|hash|strftime|date_format|string_agg|listagg|list|unnest|explode|"
    r"generate_series|regexp_\w+|string_split\w*|split|struct_pack|to_json|epoch\w*|array_agg|avg|"
    r"median|mode|first|last|any_value|arbitrary|round|try_cast|typeof|strptime|trunc|date_trunc)\(|"
    r"::|(?<!/)//(?!/)|\bqualify\b|\bilike\b|\bgroup by all\b|\bexclude\b|\bdistinct on\b",
    re.IGNORECASE,
)
#: The one pattern that both read alike, and of one place in a text.
_ALLOWED = {"regexp_replace(": {"claim_note.sql", "bounds.sql"}}


def test_models_say_what_both_engines_understand() -> None:
    for name, text in _elsewhere():
        for found in _ONE_ENGINE.finditer(re.sub(r"'(?:[^']|'')*'", "''", text)):
            word = found.group().lower()
            assert name in _ALLOWED.get(word, ()), f"{name}: {word}"


def test_no_text_has_a_backslash() -> None:
    """One engine takes it for itself, the other for the beginning of something else."""
    for name, text in _elsewhere():
        assert "\\" not in re.sub(r"\{[{%].*?[%}]\}", "", text, flags=re.DOTALL), name


#: Columns that every row has, by which rows are put in order: where nulls would come is no matter.
_NEVER_NULL = frozenset({
    "band_no", "campaign_id", "cohort_year", "date_day", "duty_no", "export_date",
    "first_shown_on", "giving_year", "go_live_at", "level_no", "nearness", "period", "place",
    "project_no", "raised_on", "record_no", "valid_from", "valid_from_year", "year",
})  # fmt: skip # a list of words


def _orders(text: str) -> Iterator[str]:
    """The terms of every `order by` of a window or list, down to the bracket that closes it."""
    for found in re.finditer(r"\border by\b", text):
        depth, term = 0, ""
        for letter in text[found.end() :]:
            depth += {"(": 1, ")": -1}.get(letter, 0)
            if depth < 0:
                break
            if letter == "," and depth == 0:
                yield term
                term = ""
            else:
                term += letter
        yield re.split(r"\b(?:rows|range) between\b|\blimit\b", term)[0]


def test_where_nulls_come_is_said() -> None:
    """Ascending, DuckDB has them last and Spark first; descending, both have them last."""
    seen = 0
    for name, text in _elsewhere():
        for term in _orders(text):
            words = term.replace("'", " ").replace("~", " ").split()
            if not words or words[-1] in ("desc", "last") or " else " in term or "{{" in term:
                continue
            seen += 1
            column = words[-2 if words[-1] == "asc" else -1].rpartition(".")[2]
            assert column in _NEVER_NULL, f"{name}: order by {' '.join(words)}: nulls last?"
    assert seen > 20


def _macros(engine: str, **context: Any) -> Any:
    """The macros of the folder as text, without dbt: `engine`'s where they are dispatched."""
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])  # noqa: S701 — SQL, no HTML
    module: Any = None

    def dispatch(name: str, _package: str) -> Callable[..., str]:
        macro = getattr(module, f"{engine}__{name}", None) or getattr(module, f"default__{name}")
        return lambda *given: str(macro(*given))

    environment.globals.update(context)
    environment.globals["return"] = lambda value: value
    environment.globals["adapter"] = SimpleNamespace(dispatch=dispatch)
    texts = [text for name, text in _sql(ENGINES) if "materialization" not in text]
    module = environment.from_string("".join(texts)).module
    return module


Values = tuple[str, list[Any]]
Query = Callable[[Any], str]

_TEXTS: Values = (
    "string",
    [None, "", "a", "甲、乙", "甲 ； 乙、", "、", "b;a", ";", "Ａ\n", "Ａ", "\U00020bb7;é;e\u0301"],
)
_DAYS: Values = (
    "timestamp",
    [
        None,
        datetime(2024, 1, 31),
        datetime(2024, 2, 29, 23, 59, 59, 999999),
        datetime(1986, 5, 4, 0, 30),  # an hour that Beijing's clocks left out
        datetime(1990, 1, 1),
        datetime(9998, 12, 31, 12),
    ],
)
_FIGURES: Values = (
    "decimal(24, 6)",
    [
        None,
        *(Decimal(n).scaleb(-6) for n in (0, 1, 5_000, -5_000, 1_005_000, -1_005_000, 10**17 + 1)),
    ],
)
_WHOLE: Values = (
    "decimal(38, 0)",
    [None, *(Decimal(n) for n in (0, 1, 6, 7, 13, 2**63 - 1, 2**63, 2**64 + 1, 10**19))],
)


def _both(spark: Any, values: Values, query: Query) -> tuple[list[Any], list[Any]]:
    """What each engine answers to `query`, told its macros, over `v` with columns `no` and `x`."""
    kind, given = values
    numbered = list(enumerate(given))
    spark.createDataFrame(
        numbered, f"no int, x {kind.replace('timestamp', 'timestamp_ntz')}"
    ).createOrReplaceTempView("v")
    theirs = [tuple(row) for row in spark.sql(query(_macros("spark"))).collect()]
    with duckdb.connect() as db:
        db.execute(f"create table v (no integer, x {kind})")
        db.executemany("insert into v values (?, ?)", numbered)
        ours = db.execute(query(_macros("duckdb"))).fetchall()
    return ours, theirs


def _wide(module: Any) -> str:
    return f"cast(x as {module.wide_integer()})"


ASKED: dict[str, tuple[Values, Query]] = {
    "names": (_TEXTS, lambda m: f"select distinct no, {m.each_name('x')} as n from v"),
    "parts": (_TEXTS, lambda m: f"select no, {m.parts_of('x', 'part')} from v"),
    "a list": (
        _TEXTS,
        lambda m: f"select {m.sorted_list('x', '、')} from v group by no % 3",
    ),
    "no list": (_TEXTS, lambda m: f"select {m.sorted_list('x')} from v where x is null"),
    "a shape": (_TEXTS, lambda m: f"select no, {m.fits_whole('x', '.')} from v"),
    "moments": (_DAYS, lambda m: f"select no, {m.moment_text('x')} from v"),
    "quotients": (_WHOLE, lambda m: f"select no, {m.whole_quotient(_wide(m), '7')} from v"),
    "by 0": (
        _WHOLE,
        lambda m: f"select no, {m.whole_quotient('7', f'nullif({_wide(m)}, 0)')} from v",
    ),
    "null in texts": (_TEXTS, lambda _: "select no, concat_ws('', x, '#', null), x || '#' from v"),
    "quotes": (_TEXTS, lambda _: "select no, concat_ws('', '''', x, '''a''b') from v"),
    "moments in texts": (_DAYS, lambda _: "select no, cast(x as string), concat_ws('|', x) from v"),
    "figures in texts": (_FIGURES, lambda _: "select no, cast(x as string), x || '' from v"),
    "fewer places": (_FIGURES, lambda _: "select no, cast(x as decimal(18, 2)) from v"),
    "of two": (_FIGURES, lambda _: "select no, least(x, 1), greatest(x, 1), coalesce(x, 0) from v"),
    "counts": (_TEXTS, lambda _: "select count(x), count(distinct x), min(x), max(x) from v"),
    "descending": (_TEXTS, lambda _: "select no, row_number() over (order by x desc, no) from v"),
    "ascending": (
        _TEXTS,
        lambda _: "select no, lag(no) over (order by x nulls last, no desc) from v",
    ),
    "so far": (_FIGURES, lambda _: "select no, sum(x) over (order by x nulls last) from v"),
    "days": (_DAYS, lambda _: "select no, cast(x as date), extract(year from x) from v"),
}


@pytest.mark.spark
@pytest.mark.parametrize("name", ASKED)
def test_engines_answer_alike(spark: Any, name: str) -> None:
    def told(rows: list[Any]) -> list[str]:
        return sorted(
            str([f"{v:f}" if isinstance(v, Decimal) else str(v) for v in row]) for row in rows
        )

    ours, theirs = _both(spark, *ASKED[name])
    assert told(theirs) == told(ours)


@pytest.mark.spark
@pytest.mark.parametrize("part", ["day", "month"])
def test_moments_move_alike(spark: Any, part: str) -> None:
    """Days and months from a date or a moment, by dbt's macro as the project has it for Spark."""
    for by in (-13, -1, 1, 3):
        for x in ("x", "cast(x as date)"):
            moved = f"select no, {_macros('spark').spark__dateadd(part, str(by), x)} as x from v"
            asked = f"select no, date_add({x}, interval ({by}) {part}) as x from v"
            ours, theirs = _both(spark, _DAYS, partial(_of, asked, moved))
            assert sorted(map(str, theirs)) == sorted(map(str, ours)), (by, x)


@pytest.mark.spark
def test_days_between_are_counted_alike(spark: Any) -> None:
    counted = _macros("spark").spark__datediff("date '2024-02-28'", "x", "day")
    asked = "select no, date_diff('day', date '2024-02-28', x) from v"
    ours, theirs = _both(spark, _DAYS, partial(_of, asked, f"select no, {counted} from v"))
    assert sorted(map(str, theirs)) == sorted(map(str, ours))


def _of(ours: str, theirs: str, module: Any) -> str:
    """The query of the engine whose macros these are."""
    return ours if module.wide_integer() == "hugeint" else theirs


def test_what_is_made_once_reads_what_was() -> None:
    """On Spark each is a table beside the model's, in the order in which they read each other."""
    asked: list[str] = []
    module = _macros(
        "spark",
        execute=True,
        flags=SimpleNamespace(WHICH="run"),
        model=SimpleNamespace(resource_type="model"),
        this="layer.model",
        run_query=asked.append,
    )
    made = module.made_once("b", "select x from a", ["a"])
    assert made.strip() == "select * from layer.model__b"
    assert asked == [
        "drop table if exists layer.model__b",
        "create table layer.model__b using parquet as"
        " with a as (select * from layer.model__a) select x from a",
    ]
    assert _macros("duckdb").made_once("b", "select x from a", ["a"]).strip() == "select x from a"
