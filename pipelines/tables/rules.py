"""What dbt checks of a declared table: the one place where declarations become dbt's tests.

A rule is a name, a sentence in both languages, and a generic test with its arguments; the generic
tests themselves are SQL in `dbt_project/tests/generic`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipelines.tables.declaration import Inner, Severity, Table

_LINE = ("source_file_id", "source_row")


def declared_rules(table: Table) -> list[dict[str, Any]]:
    """dbt's `data_tests` of a published table."""
    return [*_keys(table), *_references(table), *_values(table), *_conditions(table)]


def rule_words(table: Table) -> Iterator[tuple[str, str, str, str]]:
    """(dbt's name, critical or warning, Chinese, English) of every rule of a published table."""
    for (rule,) in (entry.values() for entry in declared_rules(table)):
        severity = "warning" if rule["config"].get("severity") == "warn" else "critical"
        zh, en = rule["description"].split(" / ", 1)
        yield rule["name"], severity, zh, en


def inner_rules(model: Inner) -> list[dict[str, Any]]:
    """… and of a view."""
    return [_grain(model.name, model.grain.split())] if model.is_checked else []


def _rule(
    table: str,
    name: str,
    test: str,
    zh: str,
    en: str,
    arguments: dict[str, Any],
    severity: Severity = "error",
    *,
    is_large: bool = False,
) -> dict[str, Any]:
    meta: dict[str, Any] = {"rule_id": f"{table}.{name}"}
    config: dict[str, Any] = {"severity": severity} if severity != "error" else {}
    if is_large:
        meta["is_large"] = True
    return {
        test: {
            "name": f"{table}_{name}",
            "description": f"{zh} / {en}",
            "arguments": arguments,
            "config": {**config, "meta": meta},
        }
    }


def _grain(
    name: str,
    keys: list[str],
    *,
    among: str | None = None,
    hashed: bool = False,
    is_large: bool = False,
) -> dict[str, Any]:
    arguments: dict[str, Any] = {"columns": keys}
    zh = f"{name}的粒度（{'、'.join(keys)}）不得重复"
    en = f"No two rows of {name} share its grain ({', '.join(keys)})"
    if among:
        arguments["among"] = f"ref('{among}')"
    if hashed:
        arguments["of_donors"] = True
        zh += "，计数所用的数字亦不得重合"
        en += ", nor the number by which donors are counted"
    return _rule(name, "grain", "grain", zh, en, arguments, is_large=is_large)


def _keys(table: Table) -> Iterator[dict[str, Any]]:
    yield _grain(
        table.name,
        list(table.keys),
        among=table.continues,
        hashed=table.counted_by,
        is_large=table.is_large,
    )
    if table.history_of:
        key = table.history_of
        yield _rule(
            table.name,
            "history_is_whole",
            "history_is_whole",
            f"{table.name}每个{key}的各版本首尾相接、互不重叠，且仅最后一版为当前",
            f"The versions of a {key} in {table.name} follow one another without gap or overlap,"
            " and only the last is current",
            {"key": key},
        )
    if table.always:
        yield _rule(
            table.name,
            "present",
            "all_present",
            f"{table.name}的必填列不得为空",
            f"The columns that {table.name} always has are not null",
            {"columns": list(table.always), "shown": list(table.keys)},
        )


def _references(table: Table) -> Iterator[dict[str, Any]]:
    for column in table.columns:
        if column.refers:
            dimension, _, key = column.refers.partition(".")
            yield _rule(
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


def _values(table: Table) -> Iterator[dict[str, Any]]:
    for rule in table.one_of:
        yield _rule(
            table.name,
            f"{rule.column}_known",
            "accepted_values",
            rule.zh,
            rule.en,
            {"column_name": rule.column, "values": list(rule.values)},
        )


def _conditions(table: Table) -> Iterator[dict[str, Any]]:
    names = table.fields.split()
    line = [name for name in _LINE if name in names and name not in table.keys]
    for rule in table.holds:
        shown = rule.shown.split() if rule.shown else [*table.keys, *line]
        arguments: dict[str, Any] = {"condition": rule.condition, "shown": shown}
        if rule.grouped:
            arguments["grouped"] = True
        yield _rule(table.name, rule.name, "holds", rule.zh, rule.en, arguments, rule.severity)
