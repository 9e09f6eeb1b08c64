"""What dbt checks of a declared table: the one place where declarations become dbt's tests.

A rule is a name, a sentence in both languages, and a generic test with its arguments; the generic
tests themselves are SQL in `dbt_project/tests/generic`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.dictionary import Kind
from pipelines.sources import SOURCES
from pipelines.tables.declaration import Inner, Severity, Table
from pipelines.tables.registers_sql import key_of

#: What stands for what no dimension has: a key of a type-2 dimension, or any other key.
UNKNOWN_KEY, UNKNOWN = "-1", "unknown"

_LINE = ("source_file_id", "source_row")


def declared_tests(table: Table) -> list[dict[str, Any]]:
    """dbt's `data_tests` of a published table: one for its rules, one for those that only warn."""
    rules = list(_rules(table))
    errors = [rule for rule in rules if rule.severity == "error"]
    warnings = [rule for rule in rules if rule.severity == "warn"]
    told = []
    if errors:
        zh, en = f"{table.name}申明的规则", f"The rules that {table.name} declares"
        told.append(_test(f"{table.name}_declared", zh, en, errors, {}))
    if warnings:
        zh, en = f"{table.name}申明的提示", f"What {table.name} declares to be told of"
        told.append(_test(f"{table.name}_advised", zh, en, warnings, {"severity": "warn"}))
    return told


def rule_words(table: Table) -> Iterator[tuple[str, str, str, str]]:
    """(dbt's name, critical or warning, Chinese, English) of every rule of a published table."""
    for rule in _rules(table):
        yield rule.name, _SEVERITIES[rule.severity], rule.zh, rule.en


def inner_tests(model: Inner) -> list[dict[str, Any]]:
    """… and of a view."""
    if not model.is_checked:
        return []
    rule = _grain(model.name, model.grain.split())
    zh, en = f"{model.name}申明的规则", f"The rules that {model.name} declares"
    return [_test(f"{model.name}_declared", zh, en, [rule], {})]


_SEVERITIES: Mapping[Severity, str] = {"error": "critical", "warn": "warning"}


@dataclass(frozen=True)
class _Rule:
    """A rule as dbt tries it: which generic test it is one of, and that test's arguments."""

    table: str
    own_name: str
    test: str
    zh: str
    en: str
    arguments: Mapping[str, Any]
    severity: Severity = "error"

    @property
    def name(self) -> str:
        """By which its verdict is known."""
        return f"{self.table}_{self.own_name}"


def _test(
    name: str, zh: str, en: str, rules: Sequence[_Rule], config: dict[str, Any]
) -> dict[str, Any]:
    """One test of dbt's for several rules; the words of each for its verdict."""
    asked = [{"name": r.name, "test": r.test, "arguments": dict(r.arguments)} for r in rules]
    words = {r.name: f"{r.zh} / {r.en}" for r in rules}
    return {
        "declared": {
            "name": name,
            "description": f"{zh} / {en}",
            "arguments": {"rules": asked},
            "config": {**config, "meta": {"rules": words}},
        }
    }


def _rules(table: Table) -> Iterator[_Rule]:
    yield from _keys(table)
    yield from _references(table)
    yield from _values(table)
    yield from _conditions(table)
    yield from _known(table)
    yield from _register(table)


def unknown_member(column: str) -> str:
    """The value of a column of keys that stands for what no dimension has."""
    return UNKNOWN_KEY if column.endswith("_key") else UNKNOWN


def _known(table: Table) -> Iterator[_Rule]:
    for column in table.known.split():
        of = column.removesuffix("_key").removesuffix("_id").removesuffix("_code")
        yield _Rule(
            table.name,
            f"{of}_known",
            "holds",
            f"{table.name}的{column}应有所指，不为未知成员",
            f"The {column} of {table.name} is not the unknown member",
            {
                "condition": f"{column} <> '{unknown_member(column)}'",
                "shown": [*table.keys, *(n for n in _LINE if n not in table.keys)],
            },
            "warn",
        )


def _register(table: Table) -> Iterator[_Rule]:
    if not table.register:
        return
    register = SOURCES[table.register]
    paid = [c.name for c in register.columns if c.kind is Kind.MONEY and c.required]
    names = table.fields.split()
    sums = {name: table.sums.get(name, f"{name}_cny") for name in paid}
    arguments: dict[str, Any] = {
        "register": f"source('lake', '{register.name}')",
        "scope": list(register.snapshot_scope),
        "key": list(key_of(register)),
        "money": {name: of for name, of in sums.items() if of in names or name in table.sums},
    }
    if register.number:
        arguments["number"] = register.number
    if table.rows_per_line > 1:
        arguments["rows_per_line"] = table.rows_per_line
    yield _Rule(
        table.name,
        "as_in_lake",
        "as_in_lake",
        f"{table.name}各文件的行数与金额等于数据湖中该登记表仍然有效的行",
        f"The rows and sums of {table.name} are, file by file, those of the register's lines that"
        " stand in the lake",
        arguments,
    )


def _grain(name: str, keys: list[str], *, among: str | None = None, hashed: bool = False) -> _Rule:
    arguments: dict[str, Any] = {"columns": keys}
    zh = f"{name}的粒度（{'、'.join(keys)}）不得重复"
    en = f"No two rows of {name} share its grain ({', '.join(keys)})"
    if among:
        arguments["among"] = f"ref('{among}')"
    if hashed:
        arguments["of_donors"] = True
        zh += "，计数所用的数字亦不得重合"
        en += ", nor the number by which donors are counted"
    return _Rule(name, "grain", "grain", zh, en, arguments)


def _keys(table: Table) -> Iterator[_Rule]:
    yield _grain(table.name, list(table.keys), among=table.continues, hashed=table.counted_by)
    if table.history_of:
        key = table.history_of
        yield _Rule(
            table.name,
            "history_is_whole",
            "history_is_whole",
            f"{table.name}每个{key}的各版本首尾相接、互不重叠，且仅最后一版为当前",
            f"The versions of a {key} in {table.name} follow one another without gap or overlap,"
            " and only the last is current",
            {"key": key},
        )
    if table.always:
        yield _Rule(
            table.name,
            "present",
            "all_present",
            f"{table.name}的必填列不得为空",
            f"The columns that {table.name} always has are not null",
            {"columns": list(table.always), "shown": list(table.keys)},
        )


def _references(table: Table) -> Iterator[_Rule]:
    for column in table.columns:
        if column.refers:
            dimension, _, key = column.refers.partition(".")
            yield _Rule(
                table.name,
                f"{column.name}_in_{dimension}",
                "relationships",
                f"{table.name}.{column.name}必须在{dimension}中",
                f"Every {column.name} of {table.name} is in {dimension}",
                {
                    "column_name": column.name,
                    "to": f"ref('{dimension}')",
                    "field": key or column.name,
                },
            )


def _values(table: Table) -> Iterator[_Rule]:
    for rule in table.one_of:
        yield _Rule(
            table.name,
            f"{rule.column}_known",
            "accepted_values",
            rule.zh,
            rule.en,
            {"column_name": rule.column, "values": list(rule.values)},
        )


def _conditions(table: Table) -> Iterator[_Rule]:
    names = table.fields.split()
    line = [name for name in _LINE if name in names and name not in table.keys]
    for rule in table.holds:
        shown = rule.shown.split() if rule.shown else [*table.keys, *line]
        arguments: dict[str, Any] = {"condition": rule.condition, "shown": shown}
        if rule.grouped:
            arguments["grouped"] = True
        yield _Rule(table.name, rule.name, "holds", rule.zh, rule.en, arguments, rule.severity)
