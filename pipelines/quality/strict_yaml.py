"""YAML read strictly: a key given twice is an error, and every error names file and line.

Knows nothing of suites; what keys mean belongs to ``suites``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

#: The parser in C, where libyaml is there: half a second for all suites becomes a tenth.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class SuiteError(ValueError):
    """A suite that cannot be used; the message begins with ``file:line``."""


class Block:
    """One YAML mapping with the line of each key (1-based)."""

    def __init__(self, path: Path, node: yaml.MappingNode) -> None:
        self.path = path
        self.line = node.start_mark.line + 1
        self._nodes: dict[str, yaml.Node] = {}
        for key_node, value_node in node.value:
            key, line = key_node.value, key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise SuiteError(f"{path}:{line}: a key must be a word")
            if key in self._nodes:
                raise SuiteError(f"{path}:{line}: key {key!r} is given twice")
            self._nodes[key] = value_node

    def error(self, message: str, key: str | None = None) -> SuiteError:
        """An error at the block, or at one of its keys."""
        line = self._nodes[key].start_mark.line + 1 if key in self._nodes else self.line
        return SuiteError(f"{self.path}:{line}: {message}")

    def __contains__(self, key: str) -> bool:
        return key in self._nodes

    def only(self, allowed: Iterable[str]) -> None:
        """Raises SuiteError for a key that is not allowed, naming those that are."""
        known = list(allowed)
        for key in self._nodes:
            if key not in known:
                raise self.error(f"unknown key {key!r}; known: {', '.join(known)}", key)

    def text(self, key: str, *, default: str | None = None) -> str:
        """A non-empty text. Raises SuiteError if missing and no default is given."""
        if key not in self._nodes:
            if default is None:
                raise self.error(f"{key!r} is missing")
            return default
        node = self._nodes[key]
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise self.error(f"{key!r} must be a text that is not empty", key)
        return str(node.value).strip()

    def optional_text(self, key: str) -> str | None:
        """A non-empty text, or None where the key is absent."""
        return self.text(key) if key in self._nodes else None

    def block(self, key: str) -> Block:
        """A mapping inside the mapping."""
        node = self._nodes.get(key)
        if not isinstance(node, yaml.MappingNode):
            raise self.error(f"{key!r} must be a mapping", key)
        return Block(self.path, node)

    def blocks(self, key: str) -> list[Block]:
        """A list of mappings that is not empty."""
        node = self._nodes.get(key)
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            raise self.error(f"{key!r} must be a list that is not empty", key)
        for item in node.value:
            if not isinstance(item, yaml.MappingNode):
                raise SuiteError(f"{self.path}:{item.start_mark.line + 1}: must be a mapping")
        return [Block(self.path, item) for item in node.value]

    def texts(self, key: str) -> Mapping[str, str]:
        """A mapping of texts, in the file's order; empty where the key is absent."""
        if key not in self._nodes:
            return {}
        inner = self.block(key)
        return {name: inner.text(name) for name in inner._nodes}

    def values(self) -> dict[str, object]:
        """The whole mapping as plain Python values."""
        loader = yaml.SafeLoader("")
        return {key: loader.construct_object(node, deep=True) for key, node in self._nodes.items()}


def read_block(path: Path) -> Block:
    """The mapping that a YAML file holds. Raises SuiteError if it is anything else."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SuiteError(f"{path}:{line}: {error.problem}") from error
    if not isinstance(node, yaml.MappingNode):
        raise SuiteError(f"{path}:1: a suite is a mapping")
    return Block(path, node)
