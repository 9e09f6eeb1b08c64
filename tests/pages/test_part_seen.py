"""A reviewer is not told that a right figure differs, where some of its rows are not theirs."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import httpx2
import pytest
from starlette.testclient import TestClient

from pages.access.seen import REVIEWER, Scope
from pages.access.settings import Oidc
from pages.app import create_app
from pages.listings import TABLES
from pages.web.paths import rows_path
from pages.words import catalogue
from pipelines.settings import Settings, load_settings
from pipelines.tables.behind import rows_behind
from tests.pages.provider import CLIENT, SECRET, TestProvider, running

ADDRESS = "http://127.0.0.1"
#: Rows of a table whose figures are looked at, spread over it: each figure costs a page.
_MOST = 2
SAY = catalogue("zh")
FIGURES = [(t, [*t.behind_columns, *t.worked]) for t in TABLES.values() if t.id in REVIEWER]


@pytest.fixture(scope="module")
def provider() -> Iterator[TestProvider]:
    with running() as found:
        yield found


def reviewer(settings: Settings, provider: TestProvider, campaign: str) -> TestClient:
    """The browser of somebody who sees one campaign."""
    oidc = Oidc(provider.issuer, CLIENT, ADDRESS, SECRET)
    browser = TestClient(create_app(settings, oidc=oidc), base_url=ADDRESS)
    provider.person = {"sub": "r", "roles": ["reviewer"], "campaigns": [campaign]}
    sent = browser.get("/login", follow_redirects=False)
    there = httpx2.get(sent.headers["location"], follow_redirects=False)
    assert browser.get(there.headers["location"], follow_redirects=False).status_code == 303
    return browser


def verdicts(browser: TestClient, campaign: str) -> dict[str, list[str]]:
    """The pages of the figures of all rows that a reviewer sees, by what they say of both sums."""
    found: dict[str, list[str]] = {"agrees": [], "differs": [], "part_seen": []}
    releases = browser.app.state.releases  # type: ignore[attr-defined]  # of Starlette
    with releases.reader(Scope(campaigns=frozenset({campaign}))) as reader:
        rows = {table.id: reader.rows(f"from {table.id} order by all") for table, _ in FIGURES}
    for table, columns in FIGURES:
        of = rows[table.id]
        for row in of[:: max(1, len(of) // _MOST)]:
            for column in columns:
                path = rows_path(table.id, column, row)
                assert path is not None
                answer = browser.get(path)
                assert answer.status_code == 200, path
                for said, paths in found.items():
                    if SAY(f"rows.{said}") in answer.text:
                        paths.append(path)
    return found


def test_no_right_figure_differs_on_the_sample(some: Settings, provider: TestProvider) -> None:
    """Of every table that a reviewer sees: each figure with rows, each that is worked out."""
    found = verdicts(reviewer(some, provider, "scsl-2024"), "scsl-2024")
    assert found["differs"] == []
    assert len(found["agrees"]) > 100


@pytest.mark.parametrize("campaign", ["giving-2024", "autumn-2024"])
def test_no_right_figure_differs_where_campaigns_share(
    campaign: str, figures: Settings, provider: TestProvider
) -> None:
    """A team of two campaigns is no row of a reviewer's, and the marts count it."""
    found = verdicts(reviewer(figures, provider, campaign), campaign)
    assert found["differs"] == []
    assert len(found["agrees"]) > 20
    told = {path.partition("?")[0].removeprefix("/rows/") for path in found["part_seen"]}
    assert {table.partition("/")[0] for table in told} == {"marts.circle_fundraising"}
    assert told > {
        f"marts.circle_fundraising/{column}"
        for column in ("teams", "teams_of_several_campaigns", "donation_count", "gross_cny")
    }


def test_a_wrong_figure_still_differs_for_who_sees_all(
    figures: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """For them there is no part; nor where no row adds up to anything."""
    folder = tmp_path_factory.mktemp("wrong")
    with duckdb.connect(str(folder / "juandi.duckdb")) as copy:
        copy.execute(f"ATTACH '{figures.published}' AS r (READ_ONLY)")
        copy.execute("COPY FROM DATABASE r TO juandi")
        copy.execute("UPDATE marts.circle_fundraising SET teams = teams + 1")
        copy.execute("DELETE FROM star.fact_matching")
        copy.execute("UPDATE marts.campaign_summary SET matching_cny = 5")
        row = "select campaign_id, circle from marts.circle_fundraising limit 1"
        ((campaign, circle),) = copy.execute(row).fetchall()
    with TestClient(create_app(load_settings(folder, env={})), base_url=ADDRESS) as browser:
        for path in (
            f"/rows/marts.circle_fundraising/teams?campaign_id={campaign}&circle={circle}",
            f"/rows/marts.campaign_summary/matching_cny?campaign_id={campaign}",
        ):
            answer = browser.get(path)
            assert SAY("rows.differs") in answer.text, path
            assert SAY("rows.part_seen") not in answer.text


def test_what_a_figure_reads_is_all_that_its_rows_hang_on() -> None:
    """The tables of its condition too: of one that is seen in part, the figure is."""
    circle = TABLES["marts.circle_fundraising"]
    row = {"campaign_id": "c", "circle": "x"}
    read = rows_behind(circle.behind_columns["gross_cny"], "gross_cny", row).tables
    assert read == {"star.fact_donation", "star.fact_team"}
    scope = Scope(campaigns=frozenset({"c"}))
    assert scope.narrows(read)
    assert scope.narrows(["star.dim_date", "star.fact_team"])
    assert not scope.narrows(["star.dim_date", "star.dim_region"])
    assert scope.narrows(["star.dim_donor"])
    assert not Scope(everything=True).narrows(read)
    assert not Scope(warehouse=True).narrows(["marts.settlement_reconciliation"])
