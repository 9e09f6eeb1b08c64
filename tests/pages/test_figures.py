"""Every figure on a page is the mart's: pages are read and compared with the published file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pages.listings import TABLES, is_number
from pages.listings.asking import PAGE_ROWS
from pages.listings.declared import LISTINGS, names
from pages.queries.wanted import COUNTED, STATUSES
from pages.web.board import in_language
from pages.web.paths import exact
from pages.words import catalogue
from pages.words.columns import written
from tests.pages.conftest import Drawn, PageReader

Ask = Callable[..., list[dict[str, Any]]]
Page = Callable[[str], PageReader]
ZH = catalogue("zh")
CARD = {column.name: column for column in TABLES["marts.project_card"].columns}


def shown(table: str, column: str, value: object) -> str:
    """A value as the cell of a page reads: a figure in full and as written, or its words."""
    declared = {c.name: c for c in TABLES[table].columns}[column]
    text = written(ZH, declared, value)
    if value is None:
        return text
    if is_number(declared):
        return f"<{exact(value)}>{text}"
    if isinstance(value, bool):
        return f"{'✓' if value else '✕'} {text}"
    return " ".join(text.split())


def expected(drawn: Drawn, rows: list[dict[str, Any]]) -> list[list[str]]:
    return [[shown(drawn.table, name, row[name]) for name in drawn.columns] for row in rows]


@pytest.mark.parametrize("name", names())
def test_a_listing_shows_the_rows_of_its_table(name: str, page: Page, mart: Ask) -> None:
    """Every table of the release, whole or as listed: each cell, in the order that it says."""
    known = LISTINGS.get(name)
    table = known.table if known else next(t.id for t in TABLES.values() if t.name == name)
    where = (known.where if known else "") or "true"
    count = mart(f"select count(*) as n from {table} where {where}")[0]["n"]
    drawn = page(f"/tables/{name}").tables.get(name)
    if not count:
        assert drawn is None
        return
    assert drawn is not None
    if known:
        assert drawn.columns == [c.name for c in in_language(ZH, known.fields)]
    keys = TABLES[table].keys
    order, down = known.sorted_by if known else (keys[0], False)
    ties = ", ".join(f'"{key}"' for key in keys if key != order)
    rows = mart(
        f'select * from {table} where {where} order by "{order}" {"desc" if down else "asc"}'
        f" nulls last{', ' + ties if ties else ''} limit {PAGE_ROWS}"
    )
    assert drawn.rows == expected(drawn, rows)


def test_the_levels_are_the_marts(page: Page, mart: Ask) -> None:
    """Of every chain: each figure of `audit_completeness`, and how many have which status."""
    for (chain,) in {(r["chain_id"],) for r in mart("from marts.audit_completeness")}:
        drawn = page(f"/reviews?chain={chain}").tables["levels"]
        rows = mart("from marts.audit_completeness where chain_id = ? order by level_no", chain)
        columns = drawn.columns[:-1]
        assert [row[: len(columns)] for row in drawn.rows] == [
            [level(name, row[name]) for name in columns] for row in rows
        ]
        for row, cells in zip(rows, drawn.rows, strict=True):
            counts = mart(
                "select status, count(*) as n from marts.audit_matrix where chain_id = ? and"
                " level_no = ? group by all", chain, row["level_no"],
            )  # fmt: skip # a short query
            of = {r["status"]: r["n"] for r in counts}
            words = [f"{ZH(f'codes.status.{s}')} {of[s]}" for s in STATUSES if s in of]
            assert all(text in cells[-1] for text in words)
            assert sum(of.values()) == row["subjects_in_chain"]


def level(name: str, value: object) -> str:
    if name == "is_satisfied":
        words = {None: "reviews.satisfied_unknown", True: "text.yes", False: "text.no"}
        sign = {None: "", True: "✓ ", False: "✕ "}
        assert value is None or isinstance(value, bool)
        return sign[value] + ZH(words[value])
    return shown("marts.audit_completeness", name, value)


def test_behind_each_figure_are_as_many_subjects(page: Page, mart: Ask) -> None:
    """The link of a level's figure leads to a matrix of just those subjects."""
    for row in mart("from marts.audit_completeness"):
        for counted in COUNTED:
            path = f"/reviews?chain={row['chain_id']}&level={row['level_no']}&counted={counted}"
            assert int(page(path).ids["matched"]) == row[f"subjects_{counted}"], path
        path = (
            f"/tables/gaps?chain_id={row['chain_id']}&level_no={row['level_no']}&severity=blocking"
        )
        drawn = page(path).tables.get("gaps")
        assert len(drawn.rows if drawn else []) == row["blocking_gaps"]


@pytest.mark.parametrize("chain", ["scsl-2024-6", "hcqy-5"])
def test_the_matrix_is_the_marts(chain: str, page: Page, mart: Ask) -> None:
    """Each subject once, with its figures, and its status and gaps at every level."""
    drawn = page(f"/reviews?chain={chain}").tables["matrix"]
    subjects = {
        r["subject_id"]: r for r in mart("from marts.audit_subjects where chain_id = ?", chain)
    }
    cells = {
        (r["subject_id"], f"level:{r['level_no']}"): r
        for r in mart("from marts.audit_matrix where chain_id = ?", chain)
    }
    assert len(drawn.rows) == len(subjects)
    for row in drawn.rows:
        has = dict(zip(drawn.columns, row, strict=True))
        subject = subjects.pop(has["subject_id"])
        for name in ("blocking_gaps", "warnings"):
            assert has[name] == shown("marts.audit_subjects", name, subject[name])
        assert has["levels_passed"].startswith(f"<{subject['levels_passed']}>")
        assert has["levels_passed"].endswith(f"/{subject['levels_required']}")
        for name in (c for c in drawn.columns if c.startswith("level:")):
            cell = cells[subject["subject_id"], name]
            assert ZH(f"codes.status.{cell['status']}") in has[name]
            gaps = (cell["gap_types"] or "").split(";") if cell["gap_types"] else []
            assert ("▲" in has[name]) == bool(gaps)
            assert all(ZH(f"codes.gap_type.{gap}") in has[name] for gap in gaps)
    assert not subjects


@pytest.mark.parametrize(
    ("filters", "condition"),
    [
        ("status=rejected", "subject_id in (select subject_id from m where status = 'rejected')"),
        (
            "status=returned&level=2",
            "subject_id in (select subject_id from m where status = 'returned' and level_no = 2)",
        ),
        ("gap=no_evidence", "subject_id in (select subject_id from g"
            " where gap_type = 'no_evidence')"),
        ("days_open=60", "subject_id in (select subject_id from g where days_open >= 60)"),
        ("complete=false&admitted=true", "is_admitted and not is_complete"),
        (
            "domain=敬老爱老",
            "subject_id in (select project_no from star.fact_campaign_entry"
            " where domain = '敬老爱老')",
        ),
        (
            "prefecture=成都市",
            "subject_id in (select project_no from star.fact_campaign_entry e"
            " join star.dim_region r on r.region_code = e.region_code and r.is_latest_of_code"
            " where prefecture_name = '成都市')",
        ),
        (
            "campaign=scsl-2024",
            "subject_id in (select project_no from star.fact_campaign_entry"
            " where registered_campaign_id = 'scsl-2024')",
        ),
        ("body=51510000HEC000488D&gap=missing_level",
         "subject_id in (select subject_id from g where gap_type = 'missing_level'"
         " and responsible_uscc = '51510000HEC000488D')"),
    ],
)  # fmt: skip # a table of cases
def test_a_filter_leaves_its_subjects(filters: str, condition: str, page: Page, mart: Ask) -> None:
    """Each filter, against the same said in SQL."""
    rows = mart(
        "with m as (from marts.audit_matrix where chain_id = 'scsl-2024-6'),"
        " g as (from marts.audit_gaps where chain_id = 'scsl-2024-6')"
        " select subject_id from marts.audit_subjects where chain_id = 'scsl-2024-6'"
        f" and {condition}"
    )
    found = page(f"/reviews?chain=scsl-2024-6&{filters}")
    assert rows
    assert int(found.ids["matched"]) == len(rows)
    drawn = found.tables["matrix"]
    at = drawn.columns.index("subject_id")
    assert sorted(row[at] for row in drawn.rows) == sorted(row["subject_id"] for row in rows)


def test_sorting_a_matrix(page: Page) -> None:
    """By a figure and by a level, up and down."""
    drawn = page("/reviews?sort=blocking_gaps&desc=1").tables["matrix"]
    at = drawn.columns.index("blocking_gaps")
    counts = [int(row[at].split(">")[0][1:]) for row in drawn.rows]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]
    drawn = page("/reviews?sort=level_3").tables["matrix"]
    at = drawn.columns.index("level:3")
    assert ZH("codes.status.missing") in drawn.rows[0][at]
    assert ZH("codes.status.passed") in drawn.rows[-1][at]


def test_the_card_and_the_days_of_projects(page: Page, mart: Ask) -> None:
    """Each figure of the card; gifts by day add up to it."""
    projects = mart(
        "from marts.project_card order by blocking_gaps desc nulls last, project_no limit 12"
    )
    for card in projects:
        found = page(f"/projects/{card['project_no']}")
        assert len(found.figures) > 25
        for name, text in found.figures.items():
            value = card[name]
            plain = written(
                ZH, {c.name: c for c in TABLES["marts.project_card"].columns}[name], value
            )
            is_figure = value is not None and text.startswith("<")
            assert text == (f"<{exact(value)}>{plain}" if is_figure else plain), name
        days = found.tables.get("gift_days")
        if card["donation_count"] is None:
            assert days is None
            continue
        assert days is not None
        for name in ("donation_count", "gross_cny", "net_cny"):
            at = days.columns.index(name)
            exacts = [row[at].split(">")[0][1:] for row in days.rows if row[at] != "—"]
            total = sum(float(text) for text in exacts)
            assert round(total, 2) == float(card[name])


#: Of boards that no mart has: where a column is declared, if not in `campaign_daily`.
DECLARED = {"campaign_id": "star.fact_donation", "channel_id": "star.fact_donation",
            "year": "marts.regional_flow", "province_name": "star.dim_region"}  # fmt: skip # pairs


def summed(drawn: Drawn, rows: list[dict[str, Any]]) -> list[list[str]]:
    return [
        [shown(DECLARED.get(n, "marts.campaign_daily"), n, row[n]) for n in drawn.columns]
        for row in rows
    ]


def test_channels_and_provinces_leave_no_gift_out(page: Page, mart: Ask) -> None:
    """Their sums are those of the marts: by campaign, by year, and both sides alike."""
    found = page("/giving").tables
    channels = mart(
        "select campaign_id, channel_id, count(*) as donation_count, sum(amount_cny) as gross_cny,"
        " sum(refunded_cny) as refunded_cny, sum(net_cny) as net_cny,"
        " count(*) filter (net_cny is null) as gifts_of_unknown_net from star.fact_donation"
        " group by all order by campaign_id nulls last, gross_cny desc, channel_id"
    )
    assert found["channels"].rows == summed(found["channels"], channels)
    for campaign in mart("from marts.campaign_summary where donation_count is not null"):
        own = [r for r in channels if r["campaign_id"] == campaign["campaign_id"]]
        assert sum(r["donation_count"] for r in own) == campaign["donation_count"]
        assert sum(r["gross_cny"] for r in own) == campaign["gross_cny"]
    for side in ("donor", "project"):
        drawn = found[f"{side}_provinces"]
        rows = mart(
            "select cast(extract(year from paid_at) as integer) as year, r.province_name,"
            " count(*) as donation_count, sum(amount_cny) as gross_cny,"
            " sum(refunded_cny) as refunded_cny, sum(net_cny) as net_cny,"
            " count(*) filter (net_cny is null) as gifts_of_unknown_net"
            " from star.fact_donation left join star.dim_region r"
            f" on r.region_code = {side}_region_code and r.is_latest_of_code"
            " group by all order by year desc, gross_cny desc, r.province_name"
        )
        assert drawn.rows == summed(drawn, rows)
        years = {r["year"]: r["year_gross_cny"] for r in mart("from marts.regional_flow")}
        for year, gross in years.items():
            assert sum(r["gross_cny"] for r in rows if r["year"] == year) == gross


def test_an_organisation_has_its_page(page: Page, mart: Ask, client: Any) -> None:
    """Card, projects, growth and gaps are the marts'; a code that nobody names is not found."""
    bodies = mart(
        "select responsible_uscc as uscc, count(*) as gaps from marts.audit_gaps"
        " where responsible_uscc in (select uscc from star.dim_organization where is_current)"
        " group by all order by gaps desc, uscc limit 3"
    ) + mart("select uscc from marts.org_growth order by raised_cny desc nulls last, uscc limit 2")
    assert len(bodies) > 3
    for body in bodies:
        found = page(f"/organizations/{body['uscc']}")
        (now,) = mart("from star.dim_organization where is_current and uscc = ?", body["uscc"])
        declared = {c.name: c for c in TABLES["star.dim_organization"].columns}
        assert found.figures == {n: written(ZH, declared[n], now[n]) for n in found.figures}
        grown = mart("from marts.org_growth where uscc = ?", body["uscc"])
        assert len(found.tables["growth"].rows if grown else []) == len(grown)
        if "gaps" in body:
            assert len(found.tables["gaps"].rows) == min(body["gaps"], PAGE_ROWS)
        own = mart(
            "select count(distinct project_no) as n from star.dim_project where is_current"
            " and ? in (initiator_uscc, supporter_uscc)", body["uscc"],
        )[0]["n"]  # fmt: skip # a short query
        drawn = found.tables.get("projects_of")
        assert len(drawn.rows if drawn else []) == own
    assert client.get("/organizations/unknown").status_code == 404
    assert client.get("/organizations/%3Cb%3E").status_code == 404


def test_the_overview(page: Page, mart: Ask) -> None:
    """The campaign's figures and days; what needs attention is as many as its link lists."""
    (campaign,) = mart("from marts.campaign_summary where campaign_id = 'scsl-2024'")
    found = page("/?campaign=scsl-2024")
    for name, text in found.figures.items():
        assert text == shown("marts.campaign_summary", name, campaign[name])
    rows = mart("from marts.campaign_daily where campaign_id = 'scsl-2024' order by date_day")
    drawn = found.tables["campaign_days"]
    assert drawn.rows == expected(drawn, rows)
    assert found.tables["campaigns"].rows == expected(found.tables["campaigns"], [campaign])


def test_what_needs_attention_can_be_counted(page: Page, client: Any) -> None:
    """Its number is that of the rows its link leads to."""
    text = client.get("/").text
    listed = text.split('class="attention"')[1].split("</ul>")[0]
    entries = listed.split("<li")[1:]
    assert len(entries) >= 6
    for entry in entries:
        path = entry.split('href="')[1].split('"')[0].replace("&amp;", "&")
        count = int(entry.split('value="')[1].split('"')[0])
        found = page(path)
        if path.startswith("/tables/") or path.startswith("/gaps"):
            name = path.split("?")[0].rsplit("/", 1)[-1]
            assert len(found.tables[name].rows) == min(count, PAGE_ROWS), path


def test_the_bodies_owe_all_gaps(page: Page, mart: Ask) -> None:
    """Their gaps add up to the mart's; a body alone shows its own."""
    found = page("/gaps")
    drawn = found.tables["bodies"]
    rows = mart("""select responsible_uscc, any_value(responsible_name) as responsible_name,
        count(*) filter (severity = 'blocking') as blocking_gaps,
        count(*) filter (severity = 'warning') as warnings,
        min(opened_at) as opened_at, max(days_open) as days_open
        from marts.audit_gaps group by 1 order by blocking_gaps desc, count(*) desc, 1""")
    audit = "marts.audit_subjects"
    assert drawn.rows == [
        [shown(audit if n in ("blocking_gaps", "warnings") else drawn.table, n, row[n])
         for n in drawn.columns]
        for row in rows
    ]  # fmt: skip # a short list
    one = page(f"/gaps?responsible_uscc={rows[0]['responsible_uscc']}").tables["gaps"]
    assert len(one.rows) == rows[0]["blocking_gaps"] + rows[0]["warnings"]


def test_searching(page: Page, mart: Ask) -> None:
    """A project, an organisation, a campaign, an order, a file number: each is found."""
    (project,) = mart("from marts.project_card order by project_no limit 1")
    assert f"/projects/{project['project_no']}" in page(f"/search?q={project['project_no']}").links
    found = page(f"/search?q={project['name'][:4]}").tables["found_projects"]
    assert project["name"] in [row[found.columns.index("name")] for row in found.rows]
    (order,) = mart("from star.fact_donation order by order_no limit 1")
    found = page(f"/search?q={order['order_no']}").tables["found_orders"]
    assert found.rows == expected(found, [order])
    (body,) = mart("select * from star.dim_organization where is_current and uscc <> 'unknown'"
                   " order by uscc limit 1")  # fmt: skip # a short query
    assert "found_organizations" in page(f"/search?q={body['uscc'].lower()}").tables
    assert "found_campaigns" in page("/search?q=scsl-2024").tables
    (one,) = mart("select * from marts.audit_subjects where subject_type = 'beneficiary' limit 1")
    links = page(f"/search?q={one['subject_id']}").links
    assert f"/subjects/{one['chain_id']}/{one['subject_id']}" in links
    assert page("/search?q=%25%25").tables == {}


def test_the_other_chain_works_unchanged(page: Page, mart: Ask) -> None:
    """Five steps of beneficiaries: a matrix of its own levels, a page for each of them."""
    found = page("/reviews?chain=hcqy-5")
    count = mart("select count(*) as n from marts.audit_subjects where chain_id = 'hcqy-5'")[0]["n"]
    assert len(found.tables["matrix"].rows) == count
    assert [c for c in found.tables["matrix"].columns if c.startswith("level:")] == [
        f"level:{n}" for n in range(1, 6)
    ]
    (one,) = mart("select subject_id from marts.audit_subjects where chain_id = 'hcqy-5' limit 1")
    events = mart(
        "from star.fact_review_event where chain_id = 'hcqy-5' and subject_id = ?"
        " order by submitted_at, level_no, round_no, record_no", one["subject_id"],
    )  # fmt: skip # a short query
    drawn = page(f"/subjects/hcqy-5/{one['subject_id']}").tables["reviews"]
    assert drawn.rows == expected(drawn, events)


def test_the_time_line_has_every_record(client: Any, mart: Ask) -> None:
    """Two that contradict each other stand one below the other, with what each decided."""
    (gap,) = mart("from marts.audit_gaps where gap_type = 'conflicting_decisions'")
    events = mart(
        "from star.fact_review_event where chain_id = ? and subject_id = ?",
        gap["chain_id"], gap["subject_id"],
    )  # fmt: skip # a short query
    text = client.get(f"/projects/{gap['subject_id']}").text
    drawn = next(part for part in text.split("<svg") if "· 第1轮" in part)
    for level in {row["level_no"] for row in events}:
        assert f">{level} " in drawn
    assert " · 第1轮 (2)<" in drawn
    assert ">✕ " in drawn
    assert ">✓ " in drawn
