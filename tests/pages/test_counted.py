"""Every figure of every page has its rows, or its arithmetic, or says why it has neither."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from starlette.testclient import TestClient

from pages.listings import TABLES, is_number
from pages.listings.declared import names
from pages.web.paths import rows_path
from pages.web.visit import LANGUAGE_COOKIE
from pages.words import LANGUAGES, catalogue
from pages.words.columns import how
from pipelines.tables.worked import formula_of
from tests.pages.conftest import PageReader

Ask = Callable[..., list[dict[str, Any]]]
#: Where a figure may lead: its rows, its line, or a page that lists what it counts.
LEADS = (
    "/rows/", "/lines/", "/tables/", "/reviews", "/gaps?", "/organizations/", "/subjects/",
    "/health",
)  # fmt: skip # a list
#: What the page of a figure says of it: the page itself is how it is counted.
OF_THE_PAGE = ("value", "counted", "redone")


@dataclass
class Figure:
    """A figure as a page draws it: of which column, where it leads, and what leads from its row."""

    column: str
    text: str
    leads: str = ""
    row: list[str] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)

    @property
    def is_counted(self) -> bool:
        """Whether a reader gets from here to how it is counted."""
        return (
            self.leads.startswith(LEADS)
            or any(link.startswith(("/lines/", "/subjects/")) for link in self.row)
            or bool(self.told.get(self.column))
        )


class FigureReader(HTMLParser):
    """Reads the figures of a page: every `<data>`, whether in a table, a list or a sentence."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.figures: list[Figure] = []
        self._heads: list[str] = []
        self._at = -1
        self._row: list[str] = []
        self._told: dict[str, str] = {}
        #: Words that hold for the whole page, by the columns that they are of.
        self.page_wide: dict[str, str] = {}
        self._in_head = False
        self._link = self._term = self._how = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "a":
            self._link = given.get("href", "")
            self._row.append(self._link)
        elif tag in ("table", "dl") and "data-table" in given:
            self._told, self._heads, self._row = {}, [], []
        elif tag == "thead":
            self._in_head = True
        elif tag == "tr":
            self._at, self._row = -1, []
        elif tag in ("td", "th"):
            self._at += 1
            if self._in_head:
                self._heads.append(given.get("data-column", given.get("data-level", "")))
        elif tag == "div":
            self._term = given.get("data-column", "")
        elif "data-how" in given or "data-why" in given:
            self._how = given.get("data-how") or given["data-why"]
        elif tag == "data":
            in_table = self._heads and 0 <= self._at < len(self._heads)
            column = self._heads[self._at] if in_table else self._term
            self.figures.append(Figure(column, given["value"], self._link, self._row, self._told))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._link = ""
        elif tag == "thead":
            self._in_head = False
        elif tag == "table":
            self._heads, self._at = [], -1
        elif tag in ("span", "p"):
            self._how = ""
        elif tag == "tr":
            self._row = []

    def handle_data(self, data: str) -> None:
        for name in self._how.split():
            into = self._told if name == self._how else self.page_wide
            into[name] = into.get(name, "") + data.strip()


@pytest.fixture(scope="module")
def paths(mart: Ask) -> list[str]:
    """Every kind of page, and every table."""
    found = ["/", "/giving", "/organizations", "/programs", "/claims", "/health", "/health/gates"]
    chains = [r["chain_id"] for r in mart("select distinct chain_id from marts.audit_subjects")]
    found += [f"/reviews?chain={chain}{view}" for chain in chains for view in ("", "&view=map")]
    found += ["/gaps", "/gaps?severity=blocking", "/search?q=990005", "/search?q=基金会"]
    found += [f"/tables/{name}" for name in names()]
    cards = mart(
        "from marts.project_card order by blocking_gaps desc nulls last, project_no limit 4"
    )
    found += [f"/projects/{row['project_no']}" for row in cards]
    (one,) = mart("from marts.audit_subjects where subject_type = 'beneficiary' limit 1")
    found += [f"/subjects/{one['chain_id']}/{one['subject_id']}"]
    (body,) = mart("from marts.org_growth where uscc <> 'unknown' order by all limit 1")
    (rule,) = mart("from ops.gate_results where status <> 'pass' order by all limit 1")
    found += [f"/organizations/{body['uscc']}", f"/health/gates/{rule['rule_id']}"]
    (gift,) = mart("from star.fact_donation order by all limit 1")
    found += [f"/lines/{gift['source_file_id']}/{gift['source_row']}"]
    (campaign,) = mart("from marts.campaign_summary where campaign_id = 'scsl-2024'")
    for column in ("net_cny", "avg_cny", "prefectures_covered", "own_county_cny"):
        found.append(rows_path("marts.campaign_summary", column, campaign) or column)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_is_counted_or_says_why_not(
    language: str, paths: list[str], client: TestClient
) -> None:
    """In both languages: what it leads to, or words on the page itself."""
    seen, bare = 0, []
    for path in paths:
        answer = client.get(path, headers={"Cookie": f"{LANGUAGE_COOKIE}={language}"})
        assert answer.status_code == 200, path
        reader = FigureReader(answer.text)
        seen += len(reader.figures)
        for figure in reader.figures:
            if path.startswith("/rows/") and figure.column in OF_THE_PAGE:
                shown = ("data-listing=", "data-why=", 'class="empty"')
                assert any(text in answer.text for text in shown), path
            elif not figure.is_counted and not reader.page_wide.get(figure.column):
                bare.append(f"{path} {figure.column} {figure.text}")
    assert seen > 10_000
    assert bare == []


def test_a_figure_without_a_way_is_noticed() -> None:
    """The reader itself: a bare figure, one with a link, one of a fact's row, one that is told."""
    page = FigureReader("""<table data-table="a"><thead><tr><th data-column="x"><th data-column="y">
        <th data-column="z"></tr></thead><tr><td><data value="1">1</data></td>
        <td><data value="2">2</data></td><td><a href="/rows/a/z"><data value="3">3</data></a></td>
        </tr></table><span data-how="y">no rows: of the calendar</span>
        <table data-table="b"><thead><tr><th data-column="x"><th></tr></thead>
        <tr><td><data value="4">4</data></td><td><a href="/lines/f/1">1</a></td></tr></table>""")
    assert [(f.text, f.column, f.is_counted) for f in page.figures] == [
        ("1", "x", False), ("2", "y", True), ("3", "z", True), ("4", "x", True)
    ]  # fmt: skip # a short list


MARTS = [t for t in TABLES.values() if t.layer == "marts"]


@pytest.mark.parametrize(
    ("table", "column"),
    [(t, name) for t in MARTS for name in (*t.worked, *t.no_rows)],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_a_figure_without_rows_says_what_it_is(
    table: Any, column: str, client: TestClient, mart: Ask
) -> None:
    """What is worked out comes to the mart's figure, each part with rows; else it says why."""
    found = mart(f'from {table.id} where "{column}" is not null order by all limit 1')
    if not found:
        pytest.skip(f"the sample has no {table.id}.{column}")
    path = rows_path(table.id, column, found[0])
    assert path is not None
    for language in LANGUAGES:
        answer = client.get(path, headers={"Cookie": f"{LANGUAGE_COOKIE}={language}"})
        assert answer.status_code == 200, (path, answer.text[-500:])
        if column in table.no_rows:
            why = table.no_rows[column]
            assert catalogue(language).either(why.zh, why.en) in PageReader(answer.text).text
            continue
        say = catalogue(language)
        assert say("rows.agrees") in answer.text
        drawn = PageReader(answer.text).tables["parts"]
        links = PageReader(answer.text).links
        declared = {c.name: c for c in table.columns}
        formula = formula_of(table, column)
        assert formula is not None
        names = formula.settled(found[0]).names
        figures = [n for n in names if n not in declared or is_number(declared[n])]
        assert len(drawn.rows) == len(names)
        assert not [n for n in figures if not any(f"/rows/{table.id}/{n}?" in li for li in links)]


def test_a_listing_says_how_each_figure_comes_about() -> None:
    """The same words in the definitions under every table."""
    say = catalogue("en")
    assert "÷" in how(say, "marts.campaign_summary", "avg_cny")
    assert "history" in how(say, "marts.campaign_summary", "prefectures_covered")
    assert not how(say, "marts.campaign_summary", "net_cny")
    assert "line number" in how(say, "star.fact_donation", "amount_cny")


def test_what_has_no_value_can_be_asked_for(page: Callable[[str], PageReader], mart: Ask) -> None:
    """Gaps that nobody known owes are a body too: its figures lead to them."""
    none = mart("select count(*) as n from marts.audit_gaps where responsible_uscc is null")[0]["n"]
    drawn = page("/tables/gaps?responsible_uscc=—").tables.get("gaps")
    assert len(drawn.rows if drawn else []) == none
    both = page("/tables/gifts?campaign_id=—&campaign_id=scsl-2024&project_no=990005").tables[
        "gifts"
    ]
    assert len(both.rows) == mart(
        "select least(count(*), 200) as n from star.fact_donation where project_no = '990005'"
        " and (campaign_id is null or campaign_id = 'scsl-2024')"
    )[0]["n"]  # fmt: skip # a short query
