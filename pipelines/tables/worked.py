"""Figures that are worked out of others of their row: shares, means, ratios, days between two days.

What is worked out of what is declared with each mart (`Table.worked`). Here a formula is read and
redone, exactly: in fractions, and rounded as the marts round. Which rows the others count belongs
to `tables.behind`.

A formula is arithmetic as it is written on paper: names of the mart's columns and of parts that
`Behind` counts, whole numbers, `+ - * /`, brackets, `max(a, b)`, `coalesce(a, b)` and
`a if column == 'code' else b`. Days are numbers, so that one less another is how many are between.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache

from pipelines.dictionary import TYPES, Kind
from pipelines.tables.declaration import Table

_Value = Fraction | str | None
_SIGNS: Mapping[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_FUNCTIONS = ("max", "coalesce")
_NAME = re.compile(r"'[^']*'|[A-Za-z_]\w*")
_WORDS = frozenset({"if", "else", *_FUNCTIONS})
_PLACES = re.compile(r"decimal\(\d+,(\d+)\)")


class NoFormula(ValueError):  # noqa: N818 - reads as what it says
    """A text that is no formula: a test reads every one that is declared."""


@dataclass(frozen=True)
class Formula:
    """How a figure is worked out; `names` are what it is worked out of, each once, in order."""

    text: str
    names: tuple[str, ...]

    def result(self, values: Mapping[str, object]) -> Fraction | None:
        """What it comes to with these values; null where one is null or the divisor is 0.

        Raises KeyError for a value that is missing.
        """
        found = _worked(ast.parse(self.text, mode="eval").body, values)
        if isinstance(found, str):
            raise NoFormula(self.text)
        return found

    def settled(self, values: Mapping[str, object]) -> Formula:
        """What is left to work out with these values, once choices are made."""
        tree = _Settled(values).visit(ast.parse(self.text, mode="eval").body)
        return _formula(ast.unparse(tree))

    def written(self, said: Mapping[str, str]) -> str:
        """The formula as people write it, `said` in the places of its names."""
        text = _NAME.sub(lambda m: said.get(m[0], m[0]), self.text)
        return text.replace(" / ", " ÷ ").replace(" * ", " × ").replace(" - ", " − ")


@cache
def _formula(text: str) -> Formula:
    tree = ast.parse(text, mode="eval").body
    found = tuple(dict.fromkeys(n for n in _NAME.findall(text) if n not in _WORDS and n[0] != "'"))
    _worked(tree, dict.fromkeys(found, 1))
    return Formula(text, found)


def formula_of(table: Table, column: str) -> Formula | None:
    """How a column is worked out; None of one that is not. Raises NoFormula."""
    text = table.worked.get(column)
    return _formula(text) if text is not None else None


def rounded(kind: Kind, exact: Fraction | None) -> Decimal | int | None:
    """A result as a column of a kind holds it: halves in its last place go away from zero."""
    if exact is None:
        return None
    places = int(found[1]) if (found := _PLACES.search(TYPES[kind].release)) else 0
    scaled = abs(exact) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    signed = -whole if exact < 0 else whole
    return Decimal(signed).scaleb(-places) if places else signed


class _Settled(ast.NodeTransformer):
    """Puts the branch that holds in the place of each choice."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        """Of `a if column == 'code' else b`, one."""
        return node.body if _holds(node.test, self._values) else node.orelse

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Of `coalesce(a, b)`, one."""
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Name(id="coalesce"), args=[first, second]):
                return second if _worked(first, self._values) is None else first
        return node


def _holds(test: ast.expr, values: Mapping[str, object]) -> bool:
    match test:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            return _worked(left, values) == _worked(right, values)
    raise NoFormula(ast.unparse(test))


def _worked(node: ast.expr, values: Mapping[str, object]) -> _Value:
    """A part of a formula. Raises NoFormula for what is none."""
    match node:
        case ast.Constant(value=int() | str() as value):
            return value if isinstance(value, str) else Fraction(value)
        case ast.Name(id=name):
            return _number(values[name])
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SIGNS:
            one, other = _figure(left, values), _figure(right, values)
            if one is None or other is None or (isinstance(sign, ast.Div) and other == 0):
                return None
            return _SIGNS[type(sign)](one, other)
        case ast.IfExp(test=test, body=yes, orelse=no):
            return _worked(yes if _holds(test, values) else no, values)
        case ast.Call(func=ast.Name(id="max" | "coalesce" as name), args=[first, second]):
            one, other = _figure(first, values), _figure(second, values)
            if name == "coalesce":
                return other if one is None else one
            return None if one is None or other is None else max(one, other)
    raise NoFormula(ast.unparse(node))


def _figure(node: ast.expr, values: Mapping[str, object]) -> Fraction | None:
    found = _worked(node, values)
    if isinstance(found, str):
        raise NoFormula(ast.unparse(node))
    return found


def _number(value: object) -> _Value:
    """A value as a number; a day as its number in the calendar, codes as they are."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return Fraction(value.toordinal())
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int | Decimal):
        return Fraction(value)
    raise NoFormula(type(value).__name__)
