"""All that the pages say, a catalogue per language: `zh.yml` and `en.yml`, key by key the same.

What a *column* means is no word of these catalogues: it is declared with the column. They hold only
a shorter heading where the declared words are a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import yaml

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
_HERE = Path(__file__).parent


class MissingWord(KeyError):  # noqa: N818 - reads as what it says
    """A key that the catalogue lacks."""


class Catalogue:
    """The words of one language: `say("reviews.title")`, with values where it has places."""

    def __init__(self, language: Language, words: Mapping[str, str]) -> None:
        self.language = language
        self.words = words

    def __call__(self, key: str, /, **values: object) -> str:
        """The words of a key. Raises MissingWord."""
        if key not in self.words:
            raise MissingWord(f"{self.language}: {key}")
        text = self.words[key]
        return text.format(**values) if values else text

    def get(self, key: str) -> str | None:
        """The words of a key that may be absent, as a column's short heading."""
        return self.words.get(key)

    def either(self, zh: str, en: str) -> str:
        """Of words that are declared elsewhere in both languages, those of this one."""
        return zh if self.language == "zh" else en


def _flat(found: Mapping[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in found.items():
        key = f"{above}{name}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{key}.")
        else:
            yield key, str(value)


@cache
def catalogue(language: Language) -> Catalogue:
    """The catalogue of a language."""
    text = (_HERE / f"{language}.yml").read_text(encoding="utf-8")
    return Catalogue(language, dict(_flat(yaml.safe_load(text))))
