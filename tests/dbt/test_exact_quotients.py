"""Shares, ratios and means are exact: the macros held against fractions in plain Python.

The macros are rendered without dbt, for they are pure text; that the marts use them and nothing
else to divide is read from the models.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from random import Random
from types import SimpleNamespace
from typing import Any

import duckdb
import jinja2
import pytest

from pipelines.settings import DBT_PROJECT

MACROS = (
    "engines/wide_integer",
    "engines/whole_quotient",
    "portable/exact_quotient",
    "portable/share_of",
    "portable/ratio_of",
    "portable/mean_cny",
)
Pair = tuple[Decimal, Decimal]


def _macros(engine: str) -> Any:
    text = "".join(
        (DBT_PROJECT / "macros" / f"{name}.sql").read_text(encoding="utf-8") for name in MACROS
    )
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])  # noqa: S701 — SQL, no HTML
    module: Any = None

    def dispatch(name: str, _package: str) -> Callable[..., str]:
        macro = getattr(module, f"{engine}__{name}", None) or getattr(module, f"default__{name}")
        return lambda *given: str(macro(*given))

    environment.globals["return"] = lambda value: value
    environment.globals["adapter"] = SimpleNamespace(dispatch=dispatch)
    module = environment.from_string(text).module
    return module


def _rounded(pair: Pair, places: int) -> Decimal | None:
    """Half away from zero, by fractions."""
    if pair[1] == 0:
        return None
    exact = Fraction(pair[0]) / Fraction(pair[1])
    parts = (2 * abs(exact) * 10**places + 1) // 2
    return Decimal(parts if exact >= 0 else -parts).scaleb(-places)


def _pairs() -> Iterator[Pair]:
    yield from [
        (Decimal("0.1305485"), Decimal(1)),  # read as yuan: 0.13
        (Decimal("2610970.00"), Decimal("20000000.00")),  # 0.1305485, a tie
        (Decimal(1), Decimal(2_000_000)),  # 0.0000005, the least tie
        (Decimal(1), Decimal(2_000_001)),  # just under it
        (Decimal(-1), Decimal(2_000_000)),
        (Decimal("0.05"), Decimal(10)),  # a tie of fen: half a fen each
        (Decimal("0.01"), Decimal(2)),
        (Decimal("-0.01"), Decimal(2)),
        (Decimal(2), Decimal(3)),
        (Decimal(0), Decimal(7)),
        (Decimal(7), Decimal(0)),
        (Decimal("0.00"), Decimal("0.00")),
        (Decimal("9999999999999999.99"), Decimal("9999999999999999.98")),
        (Decimal("9999999999999999.98"), Decimal("9999999999999999.99")),
        (Decimal("999999999.99"), Decimal("0.01")),
    ]
    draw = Random(6)  # noqa: S311 — a seeded test, no secret
    for _ in range(2000):
        below = Decimal(draw.randrange(1, 10 ** draw.randrange(1, 17))).scaleb(-2)
        share = Decimal(2 * draw.randrange(10**6) + 1).scaleb(-6) / 2  # half of a last place
        yield (share * below).quantize(Decimal("0.01")), below
        yield Decimal(draw.randrange(-(10**9), 10**15)).scaleb(-2), below


def _as_yuan() -> list[Pair]:
    """The pairs as columns of yuan hold them: to the fen."""
    fen = Decimal("0.01")
    return [(above.quantize(fen), below.quantize(fen)) for above, below in _pairs()]


#: The macro, its decimal places and its digits in all.
QUOTIENTS = [("share_of", 6, 9), ("ratio_of", 6, 18), ("mean_cny", 2, 18)]


def _held(found: list[Decimal | None], pairs: list[Pair], places: int, digits: int) -> None:
    """Holds what an engine computed against fractions; there are ties among the pairs."""
    ties = 0
    for (a, b), quotient in zip(pairs, found, strict=True):
        wanted = _rounded((a, b), places)
        if wanted is not None and abs(wanted) >= 10 ** (digits - places):
            wanted = None  # more than the column holds
        ties += b != 0 and (Fraction(a) / Fraction(b) * 10**places * 2).denominator == 1
        assert quotient == wanted, (a, b)
    assert ties > 5


@pytest.mark.parametrize(("macro", "places", "digits"), QUOTIENTS)
def test_quotients_are_exact(macro: str, places: int, digits: int) -> None:
    """On ties, on large amounts, on negative ones; null where there is nothing to divide by."""
    sql = getattr(_macros("duckdb"), macro)("a", "b")
    pairs = _as_yuan()
    with duckdb.connect() as db:
        db.execute("create table pairs (no integer, a decimal(18, 2), b decimal(18, 2))")
        db.executemany("insert into pairs values (?, ?, ?)", [(n, *p) for n, p in enumerate(pairs)])
        found = db.execute(f"select {sql} as q, typeof({sql}) from pairs order by no").fetchall()
        counts = db.execute(
            f"select {getattr(_macros('duckdb'), macro)('2::bigint', '3')}"
        ).fetchall()
    assert {row[1] for row in found} == {f"DECIMAL({digits},{places})"}
    _held([row[0] for row in found], pairs, places, digits)
    assert counts == [(Decimal(2 * 10**places // 3 + 1).scaleb(-places),)]


@pytest.mark.spark
def test_spark_divides_as_exactly(spark: Any) -> None:
    """The same pairs; and a quotient that no bigint holds is no smaller number."""
    pairs = _as_yuan()
    rows = spark.createDataFrame(
        [(n, *pair) for n, pair in enumerate(pairs)], "no int, a decimal(18, 2), b decimal(18, 2)"
    )
    rows.createOrReplaceTempView("pairs")
    for macro, places, digits in QUOTIENTS:
        sql = getattr(_macros("spark"), macro)("a", "b")
        answer = spark.sql(f"select {sql} as q from pairs order by no")
        assert answer.schema["q"].dataType.simpleString() == f"decimal({digits},{places})"
        _held([row.q for row in answer.collect()], pairs, places, digits)
    beyond = "18446744073709551617"  # 2^64 + 1: kept in 64 bits it is 1
    for engine in ("spark", "duckdb"):
        sql = f"select {_macros(engine).ratio_of(f'{beyond}.00', '1')} as q"
        with duckdb.connect() as db:
            answered = spark.sql(sql).collect() if engine == "spark" else db.execute(sql).fetchall()
        assert answered[0][0] is None


def test_no_engine_divides_by_floats() -> None:
    for engine in ("spark", "duckdb"):
        for macro in ("share_of", "ratio_of", "mean_cny"):
            text = str(getattr(_macros(engine), macro)("a", "b")).lower()
            assert not re.search(r"double|float|real|(?<!/)/(?!/)", text)


def test_nothing_else_in_the_models_divides() -> None:
    """Neither a slash nor a mean nor a float in the SQL of a model, comments aside."""
    for path in sorted((DBT_PROJECT / "models").rglob("*.sql")):
        sql = re.sub(r"--.*|'[^']*'|\{#.*?#\}", "", path.read_text(encoding="utf-8"))
        found = re.search(r"\s/\s|\bavg\(|\bdouble\b|\bfloat\b|\* 1\.0", sql, re.IGNORECASE)
        assert found is None, f"{path.name}: {found.group()}"
