"""A suite's file as it may be written: pydantic models, and errors that name file and line.

Keys, their types and what goes with what. What a rule inherits from its suite, and how it is
evaluated, belong to `suites` and `great`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeAlias

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails

_NAME = r"[a-z][a-z0-9_]*"
_SKIP = ("skip_when", "skip_zh", "skip_en")
#: The parser in C, where libyaml is there: half a second for all suites becomes a tenth.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Text: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Place: TypeAlias = tuple[int | str, ...]


class SuiteError(ValueError):
    """A suite that cannot be used; each line of the message begins with ``file:line``."""


class RuleEntry(BaseModel):
    """A rule. One that may be skipped says why, in both languages."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: Text
    severity: Literal["critical", "warning"]
    zh: Text
    en: Text
    remedy_zh: Text | None = None
    remedy_en: Text | None = None
    sql: Text
    observe: Text | None = None
    skip_when: Text | None = None
    skip_zh: Text | None = None
    skip_en: Text | None = None

    @field_validator("id")
    @classmethod
    def _names_its_file(cls, rule_id: str, asked: ValidationInfo) -> str:
        within = asked.context["within"] if asked.context else ""
        if not re.fullmatch(rf"{re.escape(within)}\.{_NAME}", rule_id):
            raise ValueError(f"id {rule_id!r} must read {within}.<name>")
        return rule_id

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        if len({getattr(self, key) is None for key in _SKIP}) == 2:
            raise ValueError(f"{self.id}: 'skip_when' needs its reason in skip_zh and skip_en")
        return self


class SuiteEntry(BaseModel):
    """The whole file. A rule without a remedy takes the suite's, so one of them has it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    table: Text
    zh: Text
    en: Text
    remedy_zh: Text | None = None
    remedy_en: Text | None = None
    helpers: dict[Text, Text] = {}
    rules: Annotated[list[RuleEntry], Field(min_length=1)]

    @field_validator("table")
    @classmethod
    def _has_a_schema(cls, table: str) -> str:
        if not re.fullmatch(rf"{_NAME}\.{_NAME}", table):
            raise ValueError(f"table {table!r} must read <schema>.<table>")
        return table

    @field_validator("helpers")
    @classmethod
    def _have_plain_names(cls, helpers: dict[str, str]) -> dict[str, str]:
        for name in helpers:
            if not re.fullmatch(_NAME, name):
                raise ValueError(f"helper {name!r} must be a plain name")
        return helpers

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        seen: set[str] = set()
        for rule in self.rules:
            if rule.id in seen:
                raise ValueError(f"rule {rule.id} is given twice")
            seen.add(rule.id)
            for key in ("remedy_zh", "remedy_en"):
                if (getattr(rule, key) or getattr(self, key)) is None:
                    raise ValueError(f"{key!r} is missing")
        return self


def read_suite(path: Path, layer: str) -> SuiteEntry:
    """What a file says. Raises SuiteError for anything unclear, every fault on a line of its own.

    Its rules' ids begin with `layer` and the name of the file.
    """
    lines: dict[_Place, int] = {}
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
        values = _plain(path, node, (), lines)
        return SuiteEntry.model_validate(values, context={"within": f"{layer}.{path.stem}"})
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SuiteError(f"{path}:{line}: {error.problem}") from error
    except ValidationError as error:
        faults = sorted((_line(one, lines), _fault(one)) for one in error.errors())
        raise SuiteError("\n".join(f"{path}:{line}: {fault}" for line, fault in faults)) from None


def _plain(path: Path, node: Any, place: _Place, lines: dict[_Place, int]) -> Any:
    """A YAML node as plain values; `lines` learns where each of them stands.

    A mapping stands where its first key does. Raises SuiteError for a repeated key.
    """
    if node is None:
        return None
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(path, item, (*place, i), lines) for i, item in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return yaml.SafeLoader("").construct_object(node)
    values: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise SuiteError(f"{path}:{line}: a key must be a word")
        if key.value in values:
            raise SuiteError(f"{path}:{line}: key {key.value!r} is given twice")
        lines[*place, key.value] = line
        values[key.value] = _plain(path, value, (*place, key.value), lines)
    return values


def _line(error: ErrorDetails, lines: dict[_Place, int]) -> int:
    """Of the faulty value, else of what it should stand in."""
    place: _Place = error["loc"]
    while place not in lines and place:
        place = place[:-1]
    return lines.get(place, 1)


def _fault(error: ErrorDetails) -> str:
    key = str(error["loc"][-1]) if error["loc"] else "suite"
    match error["type"]:
        case "missing":
            return f"{key!r} is missing"
        case "extra_forbidden":
            model = RuleEntry if error["loc"][0] == "rules" else SuiteEntry
            return f"unknown key {key!r}; known: {', '.join(model.model_fields)}"
        case "literal_error":
            known = error["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
            return f"{key!r} must be one of {known}"
        case "value_error":
            return str(error["ctx"]["error"])
    return f"{key!r}: {error['msg']}"
