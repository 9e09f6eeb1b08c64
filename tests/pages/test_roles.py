"""Each role at each route, and a reviewer who sees their campaigns and nothing of another.

What counts is that the answers to a reviewer stay the same, byte by byte, when everything of the
other campaign is changed.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import httpx2
import pyarrow.parquet as parquet
import pytest
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute
from starlette.testclient import TestClient

from pages.access.people import AT_THIS_MACHINE
from pages.access.routes import ROUTES, may
from pages.access.seen import ENGINEER, NOT_REVIEWER, REVIEWER, Scope
from pages.access.settings import Oidc
from pages.app import create_app
from pages.listings import TABLES
from pages.listings.declared import LISTINGS, listing, names
from pages.views.sections import SECTIONS
from pipelines.settings import Settings
from tests.pages.provider import CLIENT, TestProvider, running
from tests.pages.provider import SECRET as CLIENTS
from tests.pages.two_campaigns import (
    CHAIN,
    HIDDEN,
    OTHER,
    OTHERS_CHAIN,
    OWN,
    with_another,
    with_others_changed,
)

ADDRESS = "http://127.0.0.1"
#: Who asks: roles, campaigns.
PEOPLE: dict[str, dict[str, Any]] = {
    "analyst": {"roles": ["analyst"]},
    "reviewer": {"roles": ["reviewer"], "campaigns": [OWN]},
    "reviewer of none": {"roles": ["reviewer"]},
    "reviewer of both": {"roles": ["reviewer"], "campaigns": [OWN, OTHER, "hcqy-5"]},
    "engineer": {"roles": ["engineer"]},
    "no role": {"roles": []},
}
#: Route → an address of it, and the status for an analyst, a reviewer, an engineer, no role.
EXPECTED: dict[str, tuple[str, tuple[int, int, int, int]]] = {
    "/healthz": ("/healthz", (200, 200, 200, 200)),
    "/readyz": ("/readyz", (200, 200, 200, 200)),
    "/": ("/", (200, 200, 303, 403)),
    "/reviews": ("/reviews", (200, 200, 403, 403)),
    "/export/matrix.{ending}": ("/export/matrix.csv", (200, 200, 403, 403)),
    "/projects/{project_no:path}": ("/projects/{own}", (200, 200, 403, 403)),
    "/subjects/{chain_id}/{subject_id:path}":
        (f"/subjects/{CHAIN}/{{own}}", (302, 302, 403, 403)),
    "/gaps": ("/gaps", (200, 200, 403, 403)),
    "/export/bodies.xlsx": ("/export/bodies.xlsx", (200, 200, 403, 403)),
    "/export/pack.zip": (f"/export/pack.zip?campaign={OWN}", (200, 200, 403, 403)),
    "/search": ("/search?q=990005", (200, 200, 403, 403)),
    "/giving": ("/giving", (200, 200, 403, 403)),
    "/organizations": ("/organizations", (200, 200, 403, 403)),
    "/organizations/{uscc}": ("/organizations/{body}", (200, 200, 403, 403)),
    "/rows/{table}/{column}": (f"/rows/marts.campaign_summary/net_cny?campaign_id={OWN}",
        (200, 200, 403, 403)),
    "/export/rows/{table}/{column}.{ending}":
        (f"/export/rows/marts.campaign_summary/net_cny.csv?campaign_id={OWN}",
        (200, 200, 403, 403)),
    "/lines/{file_id}/{line}": ("/lines/{file}/3", (200, 403, 403, 403)),
    "/api/v1/lines/{file_id}/{line}": ("/api/v1/lines/{file}/3", (200, 403, 403, 403)),
    "/programs": ("/programs", (200, 403, 403, 403)),
    "/claims": ("/claims", (200, 403, 403, 403)),
    "/health": ("/health", (200, 403, 200, 403)),
    "/health/gates": ("/health/gates", (200, 403, 200, 403)),
    "/health/gates/{rule_id}": ("/health/gates/{rule}", (200, 403, 200, 403)),
    "/export/gate_report.html": ("/export/gate_report.html", (200, 403, 200, 403)),
    "/export/gate_report.json": ("/export/gate_report.json", (200, 403, 200, 403)),
    "/tables": ("/tables", (200, 200, 200, 403)),
    "/tables/{name}": ("/tables/gaps", (200, 200, 403, 403)),
    "/export/{name}.{ending}": ("/export/quarantine.csv", (200, 403, 200, 403)),
    "/definitions/{table}": ("/definitions/marts.audit_gaps", (200, 200, 200, 403)),
    "/api/v1/tables": ("/api/v1/tables", (200, 200, 200, 403)),
    "/api/v1/tables/{name}": ("/api/v1/tables/refused_rows", (200, 403, 200, 403)),
    "/api/v1/openapi.json": ("/api/v1/openapi.json", (200, 200, 200, 403)),
    "/static/{name}": ("/static/style.css", (200, 200, 200, 200)),
    "/language/{language}": ("/language/zh", (303, 303, 303, 303)),
    "/login": ("/login", (302, 302, 302, 302)),
    "/login/done": ("/login/done", (400, 400, 400, 400)),
    "/logout": ("/logout", (405, 405, 405, 405)),
}  # fmt: skip # a table


class Pages:
    """Two apps over two releases, and who is logged in to them."""

    def __init__(self, provider: TestProvider, before: Settings, after: Settings) -> None:
        oidc = Oidc(provider.issuer, CLIENT, ADDRESS, CLIENTS)
        self.apps = [create_app(settings, oidc=oidc) for settings in (before, after)]
        self._provider = provider
        self._known: dict[tuple[str, int], TestClient] = {}
        self.settings = before

    def of(self, who: str, release: int = 0) -> TestClient:
        """Somebody's browser at one of the two releases."""
        if (who, release) not in self._known:
            browser = TestClient(self.apps[release], base_url=ADDRESS)
            self._provider.person = {"sub": who, "name": who} | PEOPLE[who]
            sent = browser.get("/login", follow_redirects=False)
            there = httpx2.get(sent.headers["location"], follow_redirects=False)
            assert browser.get(there.headers["location"], follow_redirects=False).status_code == 303
            self._known[who, release] = browser
        return self._known[who, release]

    def ask(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Of the first release, whole."""
        with duckdb.connect(":memory:") as connection:
            connection.execute(f"ATTACH '{self.settings.published}' AS r (READ_ONLY); USE r")
            return connection.execute(sql, list(values)).fetchall()

    @property
    def body(self) -> str:
        """An organisation with a project of the own campaign."""
        found: str = self.ask(
            "SELECT initiator_uscc FROM star.dim_project WHERE is_current AND project_no = ?"
            " AND initiator_uscc IN (SELECT uscc FROM star.dim_organization WHERE is_current)",
            self.project(0),
        )[0][0]
        return found

    def project(self, part: int) -> str:
        """A project with a card: 0 of the own campaign, 1 of the other, 2 of both."""
        sql = f"SELECT min(project_no) FROM marts.project_card WHERE hash(project_no) % 3 = {part}"
        found: str = self.ask(
            f"{sql} AND project_no IN (SELECT project_no FROM star.fact_donation)"
            " AND project_no IN (SELECT subject_id FROM marts.audit_subjects)"
        )[0][0]
        return found


@pytest.fixture(scope="module")
def provider() -> Iterator[TestProvider]:
    with running() as found:
        yield found


@pytest.fixture(scope="module", params=["own chains", "one chain"])
def pages(
    request: pytest.FixtureRequest, some: Settings, provider: TestProvider,
    tmp_path_factory: pytest.TempPathFactory,
) -> Pages:  # fmt: skip # one line of fixtures
    """Releases in which the two campaigns have a chain each, and in which they share one."""
    chain = OTHERS_CHAIN if request.param == "own chains" else CHAIN
    before = with_another(some, tmp_path_factory.mktemp("before"), chain)
    return Pages(provider, before, with_others_changed(before, tmp_path_factory.mktemp("after")))


def routes(router: Any) -> Iterator[BaseRoute]:
    """All of an app, those of its routers too."""
    for route in router.routes:
        if hasattr(route, "original_router"):
            yield from routes(route.original_router)
        else:
            yield route


def test_every_route_has_decided_roles(pages: Pages) -> None:
    """A new route fails here until it is decided, and until then nobody but this machine has it."""
    found = list(routes(pages.apps[0]))
    assert all(isinstance(route, APIRoute) for route in found)  # another kind has no guard
    assert {getattr(route, "path", "") for route in found} == set(ROUTES) == set(EXPECTED)
    assert not may(AT_THIS_MACHINE, "/new")


@pytest.mark.parametrize("route", EXPECTED)
@pytest.mark.parametrize("who", ["analyst", "reviewer", "engineer", "no role"])
def test_each_role_at_each_route(who: str, route: str, pages: Pages) -> None:
    path, statuses = EXPECTED[route]
    expected = statuses[["analyst", "reviewer", "engineer", "no role"].index(who)]
    ((rule,),) = pages.ask("SELECT min(rule_id) FROM ops.gate_results")
    ((file,),) = pages.ask("SELECT min(source_file_id) FROM star.fact_donation")
    answer = pages.of(who).get(
        path.format(own=pages.project(0), body=pages.body, rule=rule, file=file),
        follow_redirects=False,
    )
    assert answer.status_code == expected
    if expected == 403 and not path.startswith("/api"):
        assert ("您的角色看不到这一页" if who != "no role" else "没有角色") in answer.text
    if expected == 303 and path == "/":
        assert answer.headers["location"] == "/health"


@pytest.mark.parametrize("route", [r for r in EXPECTED if ROUTES[r] is not None])
def test_nobody_in_is_shown_nothing(route: str, pages: Pages) -> None:
    """Every route that shows something of a release."""
    with TestClient(pages.apps[0], base_url=ADDRESS) as nobody:
        answer = nobody.get(EXPECTED[route][0], follow_redirects=False)
    assert answer.status_code == (401 if route.startswith("/api") else 303)
    assert "四川" not in answer.text


def test_every_table_is_decided() -> None:
    """Seen by a reviewer or not: none is left to chance, and none is decided that is not there."""
    assert set(REVIEWER) | NOT_REVIEWER == set(TABLES)
    assert set(REVIEWER) & NOT_REVIEWER == set()
    assert set(TABLES) > ENGINEER
    for table, seen in REVIEWER.items():
        columns = {column.name for column in TABLES[table].columns}
        assert set(seen.masked.split()) <= columns, table
        assert not set(seen.masked.split()) & set(TABLES[table].keys), table
    assert not Scope(campaigns=frozenset()).sees("marts.a_new_one")
    assert not Scope(campaigns=None).sees("star.dim_date")


@pytest.mark.parametrize("who", ["reviewer", "engineer"])
def test_a_table_that_is_not_theirs(who: str, pages: Pages) -> None:
    """403 as a page, as each file and as an answer to a program; and no list names it."""
    browser, seen = pages.of(who), set()
    for name in names():
        table = listing(name).table
        if table in REVIEWER if who == "reviewer" else table in ENGINEER or "ops." in table:
            assert browser.get(f"/tables/{name}").status_code == 200, name
            seen.add(name)
            continue
        for path in (
            f"/tables/{name}", f"/export/{name}.xlsx", f"/export/{name}.csv",
            f"/api/v1/tables/{name}", f"/api/v1/tables/{name}.parquet",
        ):  # fmt: skip # a list
            assert browser.get(path).status_code == 403, path
    linked = re.findall(r'href="/tables/([^"/]+)"', browser.get("/tables").text)
    told = [one["name"] for one in browser.get("/api/v1/tables").json()["tables"]]
    assert set(told) == seen
    assert set(linked) - {"gates"} == seen - {"gates"}  # the footer leads to the gates


def paths(pages: Pages) -> list[str]:
    """Every address that a reviewer may ask for."""
    own, both = pages.project(0), pages.project(2)
    return [
        "/", f"/?campaign={OWN}", "/reviews", f"/reviews?chain={CHAIN}&view=map",
        f"/reviews?chain={CHAIN}&level=2&counted=passed", "/gaps", "/giving", "/organizations",
        f"/projects/{own}", f"/projects/{both}", f"/organizations/{pages.body}",
        f"/search?q={own}", "/search?q=公益",
        f"/search?q={HIDDEN}", f"/search?q={OTHER}", "/tables", "/export/matrix.csv",
        "/export/matrix.xlsx", "/export/bodies.xlsx", f"/export/pack.zip?campaign={OWN}",
        "/api/v1/tables", "/definitions/marts.audit_gaps",
        f"/rows/marts.campaign_summary/net_cny?campaign_id={OWN}",
        f"/export/rows/marts.campaign_summary/net_cny.csv?campaign_id={OWN}",
        f"/export/rows/marts.campaign_summary/donation_count.xlsx?campaign_id={OWN}",
        *(f"/tables/{name}" for name in names() if listing(name).table in REVIEWER),
        *(f"/tables/{name}?sort={listing(name).fields[-1].name}&desc=1"
          for name in LISTINGS if listing(name).table in REVIEWER),
        *(f"/export/{name}.csv" for name in names() if listing(name).table in REVIEWER),
        *(f"/export/{name}.xlsx" for name in LISTINGS if listing(name).table in REVIEWER),
        *(f"/api/v1/tables/{name}{ending}" for name in names()
          for ending in ("", ".csv", ".parquet") if listing(name).table in REVIEWER),
    ]  # fmt: skip # a list


def test_nothing_of_another_campaign_changes_what_a_reviewer_gets(pages: Pages) -> None:
    """Byte by byte, on every page, in every file and answer; and it is not named either."""
    before, after = pages.of("reviewer"), pages.of("reviewer", 1)
    asked = paths(pages)
    assert len(asked) > 250
    differing = []
    for path in asked:
        one, other = before.get(path), after.get(path)
        assert one.status_code == 200, path
        if one.content != other.content:
            differing.append(path)
        if "q=" not in path:
            assert HIDDEN.encode() not in one.content, path
            assert OTHER.encode() not in one.content, path
            assert OTHERS_CHAIN.encode() not in one.content, path
    assert differing == []


def test_the_two_releases_differ_for_who_sees_both(pages: Pages) -> None:
    """Else the test above would show nothing."""
    before, after = pages.of("reviewer of both"), pages.of("reviewer of both", 1)
    for path in ("/", "/reviews", "/export/gifts.csv", "/export/campaign_summary.csv",
                 "/export/fact_campaign_entry.csv", "/export/project_card.csv",
                 "/export/audit_subjects.csv", "/export/dim_project.csv"):  # fmt: skip # a list
        assert before.get(path).content != after.get(path).content, path


def rows(answer: httpx2.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize(
    ("table", "condition"),
    [
        ("star.fact_campaign_entry", f"registered_campaign_id = '{OWN}'"),
        ("star.fact_donation", f"campaign_id = '{OWN}' or (campaign_id is null and"
         f" project_no in (select project_no from own_projects))"),
        ("star.fact_matching", f"campaign_id = '{OWN}'"),
        ("marts.campaign_summary", f"campaign_id = '{OWN}'"),
        ("marts.project_card", "project_no in (select project_no from own_projects)"),
        ("star.dim_project", "project_no in (select project_no from own_projects)"),
        ("marts.audit_matrix", f"chain_id = '{CHAIN}' and subject_id in (select * from mine)"),
        ("marts.audit_subjects", f"chain_id = '{CHAIN}' and subject_id in (select * from mine)"),
        ("star.fact_review_event", f"chain_id = '{CHAIN}' and subject_id in (select * from mine)"),
        ("star.dim_campaign", f"campaign_id = '{OWN}'"),
    ],
)  # fmt: skip # a table
def test_all_of_their_own_is_there(table: str, condition: str, pages: Pages) -> None:
    """As many rows as the release has of it, counted apart from what the pages do."""
    shared = f"(select count(*) > 1 from star.dim_campaign where chain_id = '{CHAIN}')"
    sql = f"""
        with own_projects as (select project_no from star.fact_campaign_entry
            where registered_campaign_id = '{OWN}' union
            select project_no from star.fact_donation where campaign_id = '{OWN}' union
            select project_no from star.fact_matching where campaign_id = '{OWN}'),
        mine as (select subject_id from marts.audit_subjects where chain_id = '{CHAIN}'
            and (not {shared} or subject_id in (select project_no from star.fact_campaign_entry
            where registered_campaign_id = '{OWN}')))
        select count(*) from {table} where {condition}"""
    ((expected,),) = pages.ask(sql)
    content = pages.of("reviewer").get(f"/api/v1/tables/{table.partition('.')[2]}.parquet").content
    assert parquet.read_table(io.BytesIO(content)).num_rows == expected > 0
    ((whole,),) = pages.ask(f"select count(*) from {table}")
    assert expected < whole or table == "marts.audit_gaps"


def test_what_names_another_campaign_is_not_found(pages: Pages) -> None:
    """404 as for one that is nowhere: nobody learns which there are."""
    browser, theirs = pages.of("reviewer"), pages.project(1)
    for other in (OTHER, "no-such"):
        for path in (
            f"/?campaign={other}", f"/export/pack.zip?campaign={other}",
            f"/reviews?campaign={other}",
            f"/tables/gifts?campaign_id={other}", f"/export/gifts.csv?campaign_id={other}",
            f"/tables/fact_campaign_entry?registered_campaign_id={other}",
            f"/api/v1/tables/campaigns?campaign_id={other}",
            f"/tables/campaigns?campaign_id={OWN}&campaign_id={other}",
        ):  # fmt: skip # a list
            assert browser.get(path).status_code == 404, path
    for path in (f"/projects/{theirs}", f"/subjects/{CHAIN}/{theirs}",
                 f"/reviews?chain={OTHERS_CHAIN}", f"/subjects/{OTHERS_CHAIN}/{theirs}",
                 f"/gaps?chain_id={OTHERS_CHAIN}",
                 f"/export/bodies.xlsx?chain_id={OTHERS_CHAIN}", "/reviews?chain=hcqy-5",
                 f"/export/matrix.csv?chain={OTHERS_CHAIN}"):  # fmt: skip # a list
        assert browser.get(path).status_code == 404, path
    found = browser.get("/api/v1/tables/gifts", params={"project_no": theirs}).json()
    assert found["total"] == 0


def test_a_project_of_both_shows_what_is_its_own(pages: Pages) -> None:
    """Its target and state; but no sum over its gifts, and no review of a chain of others."""
    both, own = pages.project(2), pages.project(0)
    browser = pages.of("reviewer")
    (card,) = browser.get(f"/api/v1/tables/project_card?project_no={both}").json()["rows"]
    assert card["target_cny"] is not None
    assert {card[c] for c in REVIEWER["marts.project_card"].masked.split()} == {None}
    (card,) = browser.get(f"/api/v1/tables/project_card?project_no={own}").json()["rows"]
    assert card["gross_cny"] is not None
    ((expected,),) = pages.ask(
        "select count(*) from star.fact_donation where project_no = ? and campaign_id = ?",
        both,
        OWN,
    )
    gifts = browser.get(f"/api/v1/tables/gifts?project_no={both}").json()
    assert gifts["total"] == expected


def test_a_chain_of_several_campaigns_shows_no_totals(pages: Pages) -> None:
    """Its levels and own subjects, the legend of statuses; figures of the mart only where alone."""
    browser = pages.of("reviewer")
    levels = browser.get(f"/api/v1/tables/audit_completeness?chain_id={CHAIN}").json()["rows"]
    ((shared,),) = pages.ask(
        f"select count(*) > 1 from star.dim_campaign where chain_id = '{CHAIN}'"
    )
    assert len(levels) == 6
    figures = {row["subjects_in_chain"] for row in levels} | {row["is_satisfied"] for row in levels}
    assert (figures == {None}) == shared
    text = browser.get(f"/reviews?chain={CHAIN}").text
    assert ("多场活动共用，不显示" in text) == shared
    assert ">None" not in text
    whole = pages.of("reviewer of both")
    levels = whole.get(f"/api/v1/tables/audit_completeness?chain_id={CHAIN}").json()["rows"]
    assert None not in {row["subjects_in_chain"] for row in levels}
    assert whole.get("/reviews?chain=hcqy-5").status_code == 200  # a chain that no campaign uses


def test_every_answer_says_which_campaigns_it_is_of(pages: Pages) -> None:
    """Pages, workbooks, the pack and JSON: nobody takes a part for the whole."""
    import openpyxl

    browser = pages.of("reviewer")
    assert f"您可见的活动：{OWN}" in browser.get("/gaps").text
    for path in ("/export/gaps.xlsx", "/export/bodies.xlsx", "/export/matrix.xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(browser.get(path).content))
        told = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows(max_col=2)}
        assert told["您可见的活动"] == OWN
    assert browser.get("/api/v1/tables/gaps").json()["campaigns_seen"] == [OWN]
    content = browser.get(f"/export/pack.zip?campaign={OWN}").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert f'"seen": [\n    "{OWN}"' in archive.read("manifest.json").decode("utf-8")
        assert "您可见的活动" in archive.read("index.html").decode("utf-8")
    assert "您可见的活动" not in pages.of("analyst").get("/gaps").text
    assert "尚未分配活动" in pages.of("reviewer of none").get("/").text


def test_who_is_assigned_nothing_sees_nothing(pages: Pages) -> None:
    """Every page is there and empty."""
    browser = pages.of("reviewer of none")
    for path in ("/", "/reviews", "/gaps", "/giving", "/organizations", "/search?q=公益"):
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert not re.search(r"<tr[ >].*?<td", answer.text, re.DOTALL), path
    for name in names():
        if listing(name).table in REVIEWER and listing(name).table not in (
            "star.dim_date", "star.dim_region", "star.dim_platform", "star.dim_channel",
            "ops.rules", "ops.source_health",
        ):  # fmt: skip # a list
            assert browser.get(f"/api/v1/tables/{name}").json()["total"] == 0, name


def test_every_table_of_a_reviewer_has_its_view(pages: Pages) -> None:
    """A condition that names a column wrongly would leave its table out without a word."""
    releases = pages.apps[0].state.releases
    with releases.reader() as whole, releases.reader(Scope(campaigns=frozenset({OWN}))) as seen:
        assert set(seen.columns) == set(REVIEWER)
        assert set(whole.columns) == set(REVIEWER) | NOT_REVIEWER
        for table, columns in seen.columns.items():
            assert columns == whole.columns[table], table


def test_an_analyst_sees_all_of_the_release(pages: Pages, some: Settings) -> None:
    """The same as at this machine, where nobody logs in, but for who they are."""
    with TestClient(create_app(pages.settings), base_url=ADDRESS) as local:
        for path in ("/export/gifts.csv", "/export/gaps.xlsx", "/api/v1/tables/campaigns"):
            assert pages.of("analyst").get(path).content == local.get(path).content


def test_pages_lead_only_where_one_may_go(pages: Pages) -> None:
    """No link of a page answers 403 to whom it is shown."""
    for who, start in (("reviewer", "/"), ("engineer", "/health"), ("reviewer", "/gaps"),
                       ("engineer", "/tables"), ("reviewer", "/giving"),
                       ("reviewer", f"/organizations/{pages.body}"),
                       ("reviewer", f"/projects/{pages.project(0)}")):  # fmt: skip # a table
        browser = pages.of(who)
        links = set(re.findall(r'href="(/[^"#]*)', browser.get(start).text))
        assert len(links) > 5
        for link in links:
            status = browser.get(link.replace("&amp;", "&"), follow_redirects=False).status_code
            assert status not in (401, 403), (start, link)


def test_the_engineer_has_the_health_of_the_warehouse(pages: Pages) -> None:
    """Its boards whole, and nothing of gifts, projects or reviews."""
    text = pages.of("engineer").get("/health").text
    for name in SECTIONS["health"]:
        assert f'id="t-{name}"' in text
    assert 'action="/search"' not in text
    assert 'href="/reviews"' not in text


def test_two_people_never_share_an_answer(pages: Pages) -> None:
    """Tags differ by role, campaigns and person; one's tag is no answer to another."""
    tags: dict[str, str] = {}
    for who in ("analyst", "reviewer", "reviewer of both", "reviewer of none"):
        answer = pages.of(who).get("/gaps")
        assert answer.headers["cache-control"] == "private, no-cache"
        assert {"Cookie", "Authorization"} <= set(
            answer.headers["vary"].replace(" ", "").split(",")
        )
        tags[who] = answer.headers["etag"]
    assert len(set(tags.values())) == len(tags)
    for who in tags:
        for other, tag in tags.items():
            answer = pages.of(who).get("/gaps", headers={"If-None-Match": tag})
            assert answer.status_code == (304 if who == other else 200)


def test_remembered_answers_are_kept_apart(pages: Pages) -> None:
    """The choices of a filter that one has seen are no choices of another, in either order."""
    for first, second in (("reviewer", "analyst"), ("analyst", "reviewer")):
        for who in (first, second):
            text = pages.of(who).get("/tables/fact_campaign_entry?sort=domain").text
            assert (HIDDEN in text) == (who == "analyst")


def test_no_query_goes_around_the_views() -> None:
    """No code of the pages names the release's database, but where it is opened."""
    root = Path(create_app.__code__.co_filename).parent
    named = re.compile(r"\brelease\.(star|marts|ops)\.")
    for file in (*root.rglob("*.py"), *root.rglob("*.html")):
        assert not named.search(file.read_text(encoding="utf-8")), file
