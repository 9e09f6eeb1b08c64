"""No word is missing in either language, and none is left that nobody says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pages.listings import TABLES
from pages.listings.declared import LISTINGS
from pages.queries.overview import LISTED_AT
from pages.queries.wanted import COUNTED, PARAMETERS, STATUSES
from pages.views.projects import CARD
from pages.views.sections import SECTIONS
from pages.web.board import in_language
from pages.words import LANGUAGES, MissingWord, catalogue
from pages.words.columns import definition, heading, headings
from pipelines.sources.registry import SOURCES

PAGES = Path(__file__).resolve().parents[2] / "pages"
#: Families of keys that are put together from a name.
_BUILT = re.compile(r"say(?:\.get)?\(\s*'([a-z_.]+\.)'\s*~")
_SAID = re.compile(r"\bsay(?:\.get)?\(\s*f?[\"']([a-z_]+(?:\.[a-z_]+)+)[\"']\s*[,)]")


def said() -> set[str]:
    """Every key that a template or a module says as it stands."""
    files = [*PAGES.rglob("*.html"), *PAGES.rglob("*.py")]
    return {key for file in files for key in _SAID.findall(file.read_text(encoding="utf-8"))}


def built() -> set[str]:
    """Every key that is put together, from the names it can be put together with."""
    templates = "".join(f.read_text(encoding="utf-8") for f in PAGES.rglob("*.html"))
    app = (PAGES / "app.py").read_text(encoding="utf-8")
    boards = set(re.findall(r'Board\(\s*"(\w+)"', "".join(
        f.read_text(encoding="utf-8") for f in PAGES.rglob("*.py"))))  # fmt: skip # two calls
    troubles = set(re.findall(r'\(\d{3}, "(\w+)"\)', app)) | {"not_found", "refused"}
    families = {
        "nav.": set(re.findall(r"\('/\w*', '(\w+)'\)", templates)),
        "attention.": set(LISTED_AT),
        "project.group.": set(CARD),
        "sections.": set(SECTIONS),
        "trouble.": {f"{key}.{part}" for key in troubles for part in ("title", "text")},
        "listings.": {f"{name}.title" for name in {*LISTINGS, *boards}},
    }
    assert set(_BUILT.findall(templates)) == set(families)
    families["pack.file."] = {"matrix", "gaps", "records", "sources"}  # said by `pages.pack`
    return {family + name for family, names in families.items() for name in names}


def test_the_languages_have_the_same_words() -> None:
    """Key by key, with the same places for values, and none of them empty."""
    zh, en = (catalogue(language).words for language in LANGUAGES)
    assert list(zh) == list(en)
    for key in zh:
        places = [sorted(re.findall(r"{(\w+)}", words[key])) for words in (zh, en)]
        assert places[0] == places[1], key
        assert zh[key].strip(), key
        assert en[key].strip(), key


def test_no_word_is_missing() -> None:
    """What pages say is in the catalogue."""
    wanted = said() | built()
    assert len(said()) > 90
    assert wanted - set(catalogue("zh").words) == set()


def test_no_word_is_left_over() -> None:
    """What is in the catalogue is said: as it stands, put together, as a code or as a heading."""
    fields = {column.name for table in TABLES.values() for column in table.columns}
    filters = {f"filters.{name}" for name in PARAMETERS}
    empty = {f"listings.{name.removesuffix('.title').removeprefix('listings.')}.empty"
             for name in built() if name.startswith("listings.")}  # fmt: skip # one set
    known = said() | built() | filters | empty
    left = {
        key
        for key in catalogue("zh").words
        if key not in known
        and not (key.startswith("fields.") and key.removeprefix("fields.") in fields)
        and not key.startswith("codes.")
    }
    assert left == set()


def test_a_missing_word_is_an_error() -> None:
    """It never reaches a page as a blank."""
    with pytest.raises(MissingWord, match=r"en: no\.such"):
        catalogue("en")("no.such")


@pytest.mark.parametrize("language", LANGUAGES)
def test_codes_are_put_into_words(language: str) -> None:
    """Statuses, gaps, severities, decisions: each code that the tables are held to."""
    words = catalogue("zh" if language == "zh" else "en").words
    gap_rule = next(h for h in TABLES["marts.audit_gaps"].holds if h.name == "type_known")
    gaps = re.findall(r"'(\w+)'", gap_rule.condition.split("in (")[1])
    assert len(gaps) == 11
    wanted = {
        *(f"status.{s}" for s in STATUSES),
        *(f"gap_type.{gap}" for gap in gaps),
        *(f"gap.{gap}" for gap in gaps),
        *(f"counted.{counted}" for counted in COUNTED),
        *(f"severity.{s}" for s in ("blocking", "warning", "critical")),
        *(f"gate_severity.{s}" for s in ("critical", "warning")),
        *(f"decision.{d}" for d in ("通过", "退回", "不通过")),
        *(f"{rule.column}.{value}" for table in ("star.fact_settlement", "marts.goal_raises",
            "star.dim_donor") for rule in TABLES[table].one_of for value in rule.values),
        *(f"bill_source.{name}" for name in SOURCES if "_bills" in name),
    }  # fmt: skip # a set
    assert {f"codes.{key}" for key in wanted} - set(words) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_has_a_short_heading_and_its_definition(language: str) -> None:
    """Of every published table; a heading is no sentence, a definition is what is declared."""
    say = catalogue("zh" if language == "zh" else "en")
    for listing in LISTINGS.values():
        for column in listing.fields:
            longest = 14 if language == "zh" else 36
            assert 0 < len(heading(say, column)) <= longest, (listing.id, column.name)
            assert say.either(column.words.zh, column.words.en) in definition(say, column)
        columns = in_language(say, listing.fields)
        assert headings(say, columns) == {c.name: heading(say, c) for c in columns}, listing.id


def test_listings_name_columns_that_are_declared() -> None:
    """Columns, filters, order and links: a name that a table lacks is noticed here."""
    for listing in LISTINGS.values():
        declared = {column.name for column in listing.declared.columns}
        assert {column.name for column in listing.fields} <= declared
        assert {narrow.column for narrow in listing.filters} <= declared
        assert listing.sorted_by[0] in declared
        for column, path in listing.links.items():
            assert {column, *re.findall(r"{(\w+)}", path)} <= declared | {"project_name"}
