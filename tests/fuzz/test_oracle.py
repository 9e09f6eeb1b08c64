"""The fuzzer itself: files without damage pass, and an oracle that is lied to notices."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from pipelines.sources import SOURCES
from tests.fuzz.cells import fen_of
from tests.fuzz.harness import Result, Warehouse
from tests.fuzz.layouts import LAYOUTS
from tests.fuzz.oracle import judge
from tests.fuzz.writers import bytes_of, delimited, document


def test_every_source_has_a_layout() -> None:
    assert set(LAYOUTS) == set(SOURCES)


@pytest.mark.parametrize("source", LAYOUTS)
def test_undamaged_files_are_loaded_whole(tmp_path: Path, source: str) -> None:
    warehouse = Warehouse(tmp_path)
    for seed in range(8):
        doc = document(source, Random(seed))
        result = warehouse.read(source, doc.name, bytes_of(doc.view, doc.encoding))
        assert judge(doc, doc.view, result) is None, doc
        assert result.outcome.rows_loaded == len(doc.rows), doc


def _swap_amounts(result: Result) -> Result:
    one, two, *rest = result.lake
    return replace(result, lake=[{**one, "amount_fen": two["amount_fen"]},
                                 {**two, "amount_fen": one["amount_fen"]}, *rest])  # fmt: skip


def _next_line(result: Result) -> Result:
    return replace(result, lake=[{**r, "source_row": r["source_row"] + 1} for r in result.lake])


def _lose(result: Result) -> Result:
    o = replace(result.outcome, rows_read=2, rows_loaded=2, fen_read=fen_of(1) + fen_of(2),
                fen_loaded=fen_of(1) + fen_of(2))  # fmt: skip
    return replace(result, lake=result.lake[:2], outcome=o)


def _miscount(result: Result) -> Result:
    return replace(result, outcome=replace(result.outcome, rows_read=4))


def _lose_money(result: Result) -> Result:
    return replace(result, outcome=replace(result.outcome, fen_read=1))


def _keep_less(result: Result) -> Result:
    return replace(result, lake=result.lake[:-1])


def _refuse(result: Result) -> Result:
    return replace(
        result, outcome=replace(result.outcome, refusal="file.no_heading: nothing found")
    )


def _refuse_without_reason(result: Result) -> Result:
    return replace(result, outcome=replace(result.outcome, refusal="hm"))


@pytest.mark.parametrize(
    ("lie", "kind"),
    [(_swap_amounts, "value changed"), (_next_line, "value changed"), (_lose, "lost"),
     (_miscount, "rows do not add up"), (_lose_money, "money does not add up"),
     (_keep_less, "rows written"), (_refuse, "refused though whole"),
     (_refuse_without_reason, "raised"),
     (lambda r: replace(r, error='File "/x/pipelines/a.py", line 1\nValueError: x'), "raised"),
     (lambda r: replace(r, seconds=60.0), "slow"), (lambda r: replace(r, grown=900), "large")],
)  # fmt: skip
def test_the_oracle_notices(tmp_path: Path, lie: Callable[[Result], Result], kind: str) -> None:
    doc = delimited(LAYOUTS["tencent_donations"], Random(3), 3, "plain")
    result = Warehouse(tmp_path).read(
        "tencent_donations", doc.name, bytes_of(doc.view, doc.encoding)
    )
    assert judge(doc, doc.view, result) is None
    told = judge(doc, doc.view, lie(result))
    assert told is not None
    assert told.kind == kind


@pytest.mark.parametrize("told", [{"order_no": "10000000000000000002"}, {"amount_fen": fen_of(2)}])
def test_a_damaged_line_must_not_hold_what_stands_on_another(
    tmp_path: Path, told: dict[str, object]
) -> None:
    doc = delimited(LAYOUTS["tencent_donations"], Random(3), 3, "plain")
    view = doc.view.replace("2243001", "2243901")
    result = Warehouse(tmp_path).read("tencent_donations", doc.name, bytes_of(view, doc.encoding))
    assert judge(doc, view, result) is None
    first, *others = result.lake
    outcome = replace(result.outcome, fen_read=0, fen_loaded=0)
    lied = replace(result, lake=[{**first, **told}, *others], outcome=outcome)
    fen = sum(int(str(r["amount_fen"])) for r in lied.lake)
    lied = replace(lied, outcome=replace(outcome, fen_read=fen, fen_loaded=fen))
    wrong = judge(doc, view, lied)
    assert wrong is not None
    assert wrong.kind in ("value changed", "not of this line")
