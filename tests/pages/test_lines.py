"""From a figure to its line on the pages: every link leads somewhere, and nobody is named."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from starlette.testclient import TestClient

from pages.app import create_app
from pages.listings import TABLES
from pages.web.paths import line_path, rows_path
from pipelines.settings import Settings, load_settings
from pipelines.tables.behind import behind_of
from tests.pages.conftest import PageReader

Ask = Callable[..., list[dict[str, Any]]]
Page = Callable[[str], PageReader]
LINES = [t.id for t in TABLES.values() if {"source_file_id", "source_row"} <= set(t.fields.split())]
MARTS = [t for t in TABLES.values() if t.behind]
MARKUP = "<script>alert('x')</script>"


def first(mart: Ask, table: str, where: str = "true") -> dict[str, Any] | None:
    """Some row of a table, the same at every run."""
    return next(iter(mart(f"select * from {table} where {where} order by all limit 1")), None)


@pytest.mark.parametrize("table", LINES)
def test_a_row_leads_to_its_line(table: str, client: TestClient, mart: Ask) -> None:
    """Of every table that knows lines: the line is archived, and the row was made of it."""
    row = first(mart, table, "source_file_id is not null")
    if row is None:
        pytest.skip(f"the sample has no row in {table}")
    path = line_path(row)
    assert path is not None
    told = client.get(f"/api/v1{path}").json()["lines"]
    is_refused = table == "ops.quarantine"
    assert {one["archive"] for one in told} == {"whole"}
    if is_refused:
        (line,) = [one for one in told if one["refused"]]
        assert line["refused"]["rule_ids"] == row["rule_ids"]
        assert line["fate"] == "quarantined"
        return
    key = {name: row[name] for name in TABLES[table].keys}
    shown = {n: v if v is None or isinstance(v, int | bool) else str(v) for n, v in key.items()}
    made = [one for line in told for one in line["made"] if one["table"] == table]
    assert [one for one in made if {n: _text(v) for n, v in one["key"].items()} == {
        n: _text(v) for n, v in shown.items()}]  # fmt: skip # one condition
    page = client.get(path)
    assert page.status_code == 200
    assert "已入库" in page.text


def _text(value: object) -> str:
    """A key's value, whichever way it was written."""
    return str(value).replace("T", " ").removesuffix(".0")


@pytest.mark.parametrize(
    ("table", "column"),
    [(t, c.name) for t in MARTS for c in t.columns if behind_of(t, c.name)],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_a_figure_leads_to_its_rows(table: Any, column: str, client: TestClient, mart: Ask) -> None:
    """The page has the mart's figure, what its rows come to, and finds both the same."""
    row = first(mart, table.id, f'"{column}" is not null')
    if row is None:
        pytest.skip(f"the sample has no {table.id}.{column}")
    path = rows_path(table.id, column, row)
    assert path is not None
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.text[-500:])
    value = str(row[column]).lower() if isinstance(row[column], bool) else str(row[column])
    assert answer.text.count(f'<data value="{value}">') >= 2
    assert "与数据集市一致" in answer.text


def test_links_lead_from_everywhere(page: Page) -> None:
    """Rows of facts, review records, project and subject pages, refused rows, the search."""
    gift = page("/tables/gifts?project_no=990005")
    links = {
        "/tables/gifts?project_no=990005": gift.links,
        "/projects/990005": page("/projects/990005").links,
        "/tables/reviews": page("/tables/reviews").links,
        "/health": page("/health").links,
        "/tables/refused_rows": page("/tables/refused_rows").links,
        "/search": page("/search?q=" + gift.tables["gifts"].rows[0][0]).links,
    }
    assert not [path for path, found in links.items() if not any(map(is_line, found))]
    for path in ("/", "/giving", "/projects/990005", "/tables/campaigns"):
        assert any(link.startswith("/rows/marts.") for link in page(path).links), path


def is_line(link: str) -> bool:
    """True of the address of a line."""
    return re.fullmatch(r"/lines/[0-9a-f]{16}/\d+(\?sheet=.+)?", link) is not None


def test_refused_rows_are_found_by_their_numbers(client: TestClient, mart: Ask) -> None:
    """What was masked is not."""
    row = first(mart, "ops.quarantine", 'raw_text like \'%"order_no":"SYNFAULT%\'')
    assert row is not None
    number = re.findall(r'"order_no":"(\w+)"', row["raw_text"])[0]
    assert "found_refused" in client.get(f"/search?q={number}").text


def test_rows_behind_a_figure_are_handed_out(client: TestClient, mart: Ask) -> None:
    """As CSV and as a workbook, all of them; their sum is the mart's figure."""
    row = first(mart, "marts.campaign_summary", "campaign_id = 'scsl-2024'")
    assert row is not None
    path = f"/export{rows_path('marts.campaign_summary', 'net_cny', row)}"
    base, query = path.split("?")
    text = client.get(f"{base}.csv?{query}").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    (net,) = [name for name in rows[0] if name.startswith("净额")]
    assert len(rows) == row["donation_count"]
    assert sum(round(float(r[net] or 0) * 100) for r in rows) == int(row["net_cny"] * 100)
    book = client.get(f"{base}.xlsx?{query}")
    assert book.status_code == 200
    assert book.headers["content-disposition"].startswith(
        'attachment; filename="juandi_campaign_summary_net_cny_'
    )


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/lines/..%2F..%2Fetc/1", 404), ("/lines/none/1", 404), ("/lines/{file}/0", 404),
        ("/lines/{file}/-1", 404), ("/lines/{file}/1e3", 404), ("/lines/{file}/x", 404),
        ("/lines/{file}/" + "9" * 30, 404), ("/lines/{file}/2/..%2F..%2Fx", 404),
        ("/lines/{file}/2?sheet=..%2F..%2F..%2Fetc%2Fpasswd", 200), ("/lines/{file}/2?x=1", 400),
        ("/lines/{file}/2?sheet=' OR 1=1 --", 200), ("/lines/' OR 1=1 --/2", 404),
        ("/rows/marts.campaign_summary/net_cny", 400),
        ("/rows/marts.campaign_summary/net_cny?campaign_id=x&y=1", 400),
        ("/rows/marts.campaign_summary/net_cny?campaign_id=a&campaign_id=b", 400),
        ("/rows/marts.campaign_summary/net_cny?campaign_id=' OR 1=1 --", 200),
        ("/rows/marts.campaign_summary/net_cny?campaign_id=x&sort=1;DROP", 400),
        ("/rows/marts.campaign_summary/name_zh?campaign_id=x", 404),
        ("/rows/main.t/x", 404),
        ("/rows/marts.campaign_daily/net_cny?campaign_id=x&date_day=y", 400),
        ("/export/rows/marts.campaign_summary/net_cny.exe?campaign_id=x", 404),
        ("/api/v1/lines/none/1", 404), ("/api/v1/lines/{file}/2?y=1", 400),
    ],
)  # fmt: skip # a table
def test_what_is_no_line_and_no_figure(
    path: str, status: int, client: TestClient, mart: Ask
) -> None:
    """Refused or not there, in our own words; nothing of a URL is a path or SQL."""
    row = first(mart, "star.fact_donation")
    assert row is not None
    answer = client.get(path.replace("{file}", row["source_file_id"]))
    assert answer.status_code == status
    assert "root:" not in answer.text
    if path.startswith("/rows") and status == 200:
        assert ">0<" in answer.text or "没有这样的" in answer.text


def test_nobody_is_named(client: TestClient, mart: Ask, some: Settings) -> None:
    """Law 9 over pages and JSON: the donors of the very lines are read from the archive and sought
    in what is shown."""
    personal = ("捐款人ID", "捐款人昵称", "手机号")
    files = mart(
        "select * from ops.load_audit where source = 'tencent_donations' and status = 'loaded'"
        " and encoding = 'utf-8' and dialect = 'csv '','''"
    )
    looked = 0
    for file in files:
        data = (some.archive / file["source"] / file["sha256"]).read_bytes()
        if data[:2] in (b"\x1f\x8b", b"PK"):
            continue
        lines = data.decode("utf-8-sig").splitlines()
        at = next(n for n, line in enumerate(lines) if line.startswith("订单号,"))
        for number in sorted({min(n, len(lines) - 1) for n in (at + 1, at + 2, len(lines) // 2)}):
            values = dict(zip(lines[at].split(","), lines[number].split(","), strict=False))
            named = [v for n in personal if len(v := values.get(n, "").strip("`\t ")) > 1
                     and v not in ("匿名", n)]  # fmt: skip # words of headings, too
            path = f"/lines/{file['source_file_id']}/{number + 1}"
            shown = client.get(path).text + client.get(f"/api/v1{path}").text
            assert not [value for value in named if html.escape(value) in shown], path
            looked += bool(named)
    assert looked > 5


@pytest.fixture(scope="module")
def elsewhere(
    some: Settings, mart: Ask, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient, str, Settings]]:
    """The sample's release over an archive with one file, whose names and values are markup."""
    folder: Path = tmp_path_factory.mktemp("elsewhere")
    file = folder / "juandi.duckdb"
    shutil.copyfile(some.published, file)
    data = f"项目编号,项目名称,发起机构,筹款目标\n1,{MARKUP},某某{MARKUP}基金会,5\n".encode()
    sha = hashlib.sha256(data).hexdigest()
    settings = load_settings(folder, env={})
    path = settings.archive / "tencent_projects" / sha
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    row = first(mart, "ops.load_audit", "source = 'tencent_projects' and status = 'loaded'")
    assert row is not None
    with duckdb.connect(str(file)) as release:
        release.execute(
            "UPDATE ops.load_audit SET sha256 = ?, bytes = ?, encoding = 'utf-8', file_name = ?"
            " WHERE source_file_id = ?",
            [sha, len(data), MARKUP, row["source_file_id"]],
        )
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        yield client, row["source_file_id"], settings


def test_markup_in_a_line_is_text(elsewhere: tuple[TestClient, str, Settings]) -> None:
    """In the file's name, in its values, in its sheet's name."""
    client, file_id, _ = elsewhere
    text = client.get(f"/lines/{file_id}/2?sheet={MARKUP}").text
    text += client.get(f"/lines/{file_id}/2").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


def test_a_missing_archive_is_told_and_not_remembered(
    elsewhere: tuple[TestClient, str, Settings], mart: Ask
) -> None:
    """A browser keeps no answer of a line: the archive may change while the release does not."""
    client, file_id, settings = elsewhere
    row = first(mart, "star.fact_donation")
    assert row is not None
    answer = client.get(line_path(row) or "")
    assert answer.status_code == 200
    assert "归档中没有这份文件" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
    before = client.get(f"/lines/{file_id}/2").text
    assert "归档中没有这份文件" not in before
    for path in (settings.archive / "tencent_projects").iterdir():
        path.unlink()
    assert "归档中没有这份文件" in client.get(f"/lines/{file_id}/2").text
