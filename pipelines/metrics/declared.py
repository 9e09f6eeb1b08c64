"""The metrics as `dbt_project/metrics` declares them: names, words, units, what divides what.

Read for people: lists, pages, messages. What a metric computes is dbt's and MetricFlow's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipelines.dictionary import Unit, Words
from pipelines.metrics.conditions import GRAINS
from pipelines.metrics.dimensions import SHARED, UNKNOWN, Dimension
from pipelines.settings import DBT_PROJECT

FOLDER = DBT_PROJECT / "metrics"


class UnknownName(LookupError):  # noqa: N818 - reads as what it says
    """A metric or dimension that is not declared; the message names those that are near."""


@dataclass(frozen=True)
class Metric:
    """A figure: what it is, what it counts and, of a ratio, what is divided by what."""

    name: str
    label: Words
    meaning: Words
    unit: Unit
    models: frozenset[str]
    numerator: str | None = None
    denominator: str | None = None


@dataclass(frozen=True)
class Declared:
    """All metrics, and of the semantic models behind them words, entities and own dimensions."""

    metrics: Mapping[str, Metric]
    models: Mapping[str, Words]
    entities: Mapping[str, frozenset[str]]
    own: Mapping[str, tuple[Dimension, ...]]

    def metric(self, name: str) -> Metric:
        """Raises UnknownName."""
        if name not in self.metrics:
            words = {m.label.zh: m.name for m in self.metrics.values()}
            raise UnknownName(_unknown("指标 metric", name, list(self.metrics), words))
        return self.metrics[name]

    def dimensions(self, metrics: Sequence[Metric]) -> dict[str, tuple[Dimension, str]]:
        """Name → (dimension, path) of whatever all of the metrics can be grouped by."""
        models = frozenset[str]().union(*(metric.models for metric in metrics))
        entities = frozenset.intersection(*(self.entities[model] for model in models))
        known = [*SHARED, *(d for model in sorted(models) for d in self.own[model])]
        return {d.name: (d, path) for d in known if (path := d.path(entities))}

    def dimension(self, name: str, metrics: Sequence[Metric]) -> tuple[Dimension, str]:
        """Raises UnknownName."""
        found = self.dimensions(metrics)
        if name not in found:
            of = ", ".join(metric.name for metric in metrics)
            raise UnknownName(
                _unknown(f"{of} 的维度 dimension of {of}", name, [*GRAINS, *found])
                + f"; {', '.join([*GRAINS, *found])}"
            )
        return found[name]


def check_names(known: Declared, metrics: Sequence[Metric], names: Iterable[str]) -> None:
    """Whether all can be grouped or filtered by each name. Raises UnknownName."""
    for name in names:
        if name not in GRAINS:
            known.dimension(name, metrics)


def _unknown(
    kind: str, name: str, names: Sequence[str], labels: Mapping[str, str] | None = None
) -> str:
    labelled = labels or {}
    near = get_close_matches(name, names, n=4, cutoff=0.5)
    near += [n for n in names if name in n or name in n.split("_")]
    near += [labelled[zh] for zh in get_close_matches(name, labelled, n=3, cutoff=0.5)]
    near += [n for zh, n in labelled.items() if name in zh]
    meant = ", ".join(dict.fromkeys(near)) or "—"
    return f"没有 there is no {kind}: {name}; 相近的 near: {meant}"


@cache
def declared(folder: Path = FOLDER) -> Declared:
    """What the folder's files say. Raises ValueError for a metric without its words or unit."""
    files = [yaml.safe_load(p.read_text(encoding="utf-8")) for p in sorted(folder.glob("*.yml"))]
    models = [model for file in files for model in file.get("semantic_models", ())]
    measured = {
        m["name"]: (model["name"], m) for model in models for m in model.get("measures", ())
    }
    entries = {name: m for name, (_, m) in measured.items() if m.get("create_metric")}
    entries |= {m["name"]: m for file in files for m in file.get("metrics", ())}
    return Declared(
        metrics={
            name: _metric(entry, frozenset(_models_of(name, entries, measured)))
            for name, entry in entries.items()
            if "part_of" not in _meta(entry)
        },
        models={model["name"]: _words(model["description"], model["name"]) for model in models},
        entities={model["name"]: frozenset(_entities(model)) for model in models},
        own={model["name"]: tuple(_own(model)) for model in models},
    )


def _meta(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    meta: Mapping[str, Any] = entry.get("config", {}).get("meta", {})
    return meta


def _words(text: str, of: str) -> Words:
    zh, sign, en = text.partition(" / ")
    if not sign:
        raise ValueError(f"{of}: words are 中文 / English: {text}")
    return Words(zh, en)


def _metric(entry: Mapping[str, Any], models: frozenset[str]) -> Metric:
    name, meta, parts = entry["name"], _meta(entry), entry.get("type_params", {})
    if meta.get("unit") not in Unit.__members__:
        raise ValueError(f"{name}: its unit is one of {', '.join(Unit.__members__)}")
    return Metric(
        name,
        _words(entry["label"], name),
        _words(entry["description"], name),
        Unit[meta["unit"]],
        models,
        parts.get("numerator"),
        parts.get("denominator"),
    )


def _models_of(
    name: str, entries: Mapping[str, Any], measured: Mapping[str, tuple[str, Any]]
) -> Iterator[str]:
    parts = entries[name].get("type_params", {"measure": name})
    if "measure" in parts:
        measure = parts["measure"]
        yield measured[measure if isinstance(measure, str) else measure["name"]][0]
        return
    for part in parts.get("metrics") or (parts["numerator"], parts["denominator"]):
        yield from _models_of(part, entries, measured)


def _entities(model: Mapping[str, Any]) -> Iterator[str]:
    if "primary_entity" in model:
        yield model["primary_entity"]
    yield from (entity["name"] for entity in model.get("entities", ()))


def _own(model: Mapping[str, Any]) -> Iterator[Dimension]:
    """The dimensions that a model's rows have themselves: those that say what they are."""
    shared = {dimension.name for dimension in SHARED}
    for found in model.get("dimensions", ()):
        if "label" in found and found["name"] not in shared:
            path = f"{model['primary_entity']}__{found['name']}"
            words, missing = _words(found["label"], model["name"]), _meta(found).get("missing")
            yield Dimension(found["name"], words, (path,), missing or UNKNOWN)
