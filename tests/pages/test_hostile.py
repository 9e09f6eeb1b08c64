"""Names that are markup or formulas, parameters that are SQL, paths that lead elsewhere."""

from __future__ import annotations

import csv
import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import duckdb
import openpyxl
import pytest
from starlette.testclient import TestClient

from pages.app import create_app
from pages.exports.text import neutral
from pages.listings.declared import names
from pages.web.assets import assets
from pages.web.headers import HEADERS
from pipelines.settings import Settings, load_settings

MARKUP = "<script>alert('x')</script><img src=x onerror=alert(1)>\"'&"
FORMULA = '=HYPERLINK("http://evil.example","x")'
CHAIN = "scsl-2024-6"
#: What would make a browser ask another machine.
ELSEWHERE = re.compile(r"""(?i)(src|href|action|formaction|poster|srcset)=["']?\s*(https?:)?//""")


@pytest.fixture(scope="module")
def hostile(some: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The sample's release, in which names are markup and findings are formulas."""
    folder = tmp_path_factory.mktemp("hostile")
    file = folder / "juandi.duckdb"
    shutil.copyfile(some.published, file)
    with duckdb.connect(str(file)) as release:
        for table, column in (
            ("marts.audit_subjects", "subject_name"), ("marts.project_card", "name"),
            ("marts.campaign_summary", "name_zh"), ("star.dim_campaign", "name_zh"),
            ("star.dim_review_level", "chain_name"), ("star.dim_review_level", "level_name"),
            ("marts.audit_completeness", "level_name"), ("marts.audit_matrix", "level_name"),
            ("marts.audit_matrix", "reviewer_name_public"), ("ops.load_audit", "file_name"),
            ("star.fact_review_event", "reviewer_name_public"), ("ops.quarantine", "raw_text"),
            ("star.fact_campaign_entry", "domain"), ("star.dim_organization", "name"),
            ("marts.giving_red_flags", "project_name"), ("ops.source_health", "title_zh"),
        ):  # fmt: skip # a table
            release.execute(f"UPDATE {table} SET {column} = ?", [MARKUP])
        release.execute("UPDATE marts.audit_gaps SET detail_zh = ?", [FORMULA])
        release.execute("UPDATE star.fact_review_event SET record_no = ?", [FORMULA])
        release.execute("UPDATE star.fact_team SET circle = ?", [FORMULA])
        release.execute("UPDATE marts.audit_gaps SET responsible_name = ?", ["[x]:*?/\\" + MARKUP])
    return load_settings(folder, env={})


@pytest.fixture(scope="module")
def attacked(hostile: Settings) -> Iterator[TestClient]:
    """Its pages."""
    with TestClient(create_app(hostile), base_url="http://127.0.0.1") as client:
        yield client


@pytest.mark.parametrize(
    "path",
    ["/", "/reviews", "/reviews?view=map", "/projects/990005", "/gaps", "/search?q=script",
     f"/search?q={MARKUP.replace('&', '%26')}", "/health", "/tables/files", "/organizations",
     "/tables/flags", "/reviews?name=%3Cscript%3E", "/subjects/hcqy-5/x", "/tables/%3Cscript%3E"],
)  # fmt: skip # a list
def test_markup_in_names_is_text(path: str, attacked: TestClient) -> None:
    """On every page, as text, in attributes, in charts: nothing of it is a tag."""
    text = attacked.get(path).text
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "onerror=alert(1)>" not in text
    assert '"\'&"' not in text


def test_the_markup_is_there_to_be_read(attacked: TestClient) -> None:
    """Escaped, not lost."""
    assert "&lt;script&gt;alert(&#39;x&#39;)" in attacked.get("/projects/990005").text


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        ("/tables/gaps?subject_id=' OR 1=1 --", 0),
        ("/tables/gaps?gap_type=late'; DROP TABLE marts.audit_gaps; --", 0),
        ("/tables/gifts?order_no=x' UNION SELECT 1 --", 0),
    ],
)
def test_sql_in_a_value_is_a_value(path: str, rows: int, attacked: TestClient) -> None:
    """It is compared, finds nothing and harms nothing."""
    answer = attacked.get(path)
    assert answer.status_code == 200
    assert answer.text.count("<tr data") == rows
    assert "没有符合筛选条件的行" in answer.text


@pytest.mark.parametrize(
    "path",
    ["/tables/gaps?sort=level_no; DROP TABLE marts.audit_gaps", "/tables/gaps?1=1",
     "/tables/gaps?level_no=1 OR 1=1", "/tables/gaps?days_open_least=1e400",
     "/tables/gaps?page=0", "/tables/gaps?page=-1", "/tables/gaps?level_no=99999999999999999999",
     "/tables/gifts?paid_at_least=yesterday", "/tables/matching?self_matching=maybe",
     "/tables/campaign_days?date_day_least=2024-13-01",
     "/reviews?status=x", "/reviews?level=99", "/reviews?counted=passed", "/reviews?chain=none",
     "/reviews?sort=s.subject_id", "/reviews?view=x", "/reviews?days_open=NaN", "/reviews?x=1",
     "/?campaign=none", "/?x=1", "/giving?year=2024", "/search?x=1", "/search?q=" + "9" * 300],
)  # fmt: skip # a list
def test_what_is_not_known_is_refused(path: str, attacked: TestClient) -> None:
    """Never ignored: a page would show other figures than its link says."""
    answer = attacked.get(path)
    assert answer.status_code == 400
    assert "没有忽略它" in answer.text


@pytest.mark.parametrize(
    "path",
    ["/export/..%2F..%2Fetc%2Fpasswd.xlsx", "/export/../juandi.duckdb", "/export/gaps.duckdb",
     "/static/..%2Fapp.py", "/static/../app.py", "/static/style.scss", "/tables/no_such",
     "/definitions/main.t", "/projects/no-such", "/projects/..%2F..%2Fetc", "/language/fr",
     "/subjects/hcqy-5/none", "/docs", "/openapi.json", "/.secrets"],
)  # fmt: skip # a list
def test_paths_lead_nowhere_else(path: str, attacked: TestClient) -> None:
    """What is no page is no page, in our own words."""
    answer = attacked.get(path)
    assert answer.status_code == 404
    assert "没有这一页" in answer.text


def test_the_name_of_a_file_is_ours(attacked: TestClient) -> None:
    """Whatever a chain or a parameter is called."""
    answer = attacked.get(f"/export/matrix.csv?chain={CHAIN}&name=%22%0d%0aX-Evil: 1")
    assert answer.status_code == 200
    assert "X-Evil" not in answer.headers
    assert answer.headers["content-disposition"].startswith(
        f'attachment; filename="juandi_matrix_{CHAIN}_'
    )


def test_formulas_are_text_in_both_kinds_of_files(attacked: TestClient) -> None:
    """A workbook holds no formula; a CSV's cell begins with an apostrophe."""
    book = openpyxl.load_workbook(io.BytesIO(attacked.get("/export/gaps.xlsx").content))
    cells = [cell for sheet in book for row in sheet for cell in row]
    assert [cell.value for cell in cells if cell.value == FORMULA]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    text = attacked.get("/export/gaps.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert "'" + FORMULA in {cell for row in rows for cell in row}
    assert not [c for row in rows for c in row if c.startswith(("=", "+", "@"))]


def test_sheets_of_bodies_with_impossible_names(attacked: TestClient) -> None:
    """All of one name, with every sign that a sheet may not have."""
    book = openpyxl.load_workbook(io.BytesIO(attacked.get("/export/bodies.xlsx").content))
    names = book.sheetnames
    assert len({name.casefold() for name in names}) == len(names) > 5
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


@pytest.mark.parametrize("begins", ["=1", "+1", "-1", "@x", "\tx", "\rx", "＝1", "－1"])
def test_neutral(begins: str) -> None:
    assert neutral(begins) == f"'{begins}"
    assert neutral(f"x{begins}") == f"x{begins}"


@pytest.mark.parametrize(
    ("back", "to"),
    [
        ("/reviews?level=2", "/reviews?level=2"), ("https://evil.example/", "/"),
        ("//evil.example/", "/"), ("/\\evil.example", "/"), ("javascript:alert(1)", "/"),
        ("/x\r\nSet-Cookie: a=b", "/"), ("", "/"),
    ],
)  # fmt: skip # a table
def test_the_language_switch_sends_nobody_elsewhere(
    back: str, to: str, attacked: TestClient
) -> None:
    answer = attacked.get("/language/en", params={"back": back}, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == to
    attacked.cookies.clear()


def test_every_answer_carries_the_headers(attacked: TestClient) -> None:
    """Pages, files, errors, answers to another name."""
    for path in ("/", "/static/style.css", "/nope", "/tables/gaps?x=1", "/export/gaps.csv"):
        answer = attacked.get(path)
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "unsafe" not in HEADERS["Content-Security-Policy"]
    other = attacked.get("/", headers={"host": "evil.example"})
    assert other.status_code == 400
    assert other.headers["X-Frame-Options"] == "DENY"
    assert "四川" not in other.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(method: str, attacked: TestClient) -> None:
    """There are pages to read and none to write."""
    assert attacked.request(method, "/reviews").status_code == 405


def test_pages_hold_no_style_or_script_of_their_own(attacked: TestClient) -> None:
    """The policy forbids it, and nothing is asked of another machine."""
    for path in ("/", "/reviews", "/projects/990005", "/gaps", "/giving"):
        text = attacked.get(path).text
        assert " style=" not in text
        assert "<style" not in text
        assert text.count("<script") == 1
        assert not ELSEWHERE.search(text)


def test_a_release_keeps_its_confines(hostile: Settings, tmp_path: Path) -> None:
    """No file can be read or written, nothing attached, no setting changed."""
    from pages.data import Releases

    releases = Releases(hostile)
    with releases.reader() as reader:
        for sql in (
            f"SELECT * FROM read_csv('{__file__}')", f"COPY (SELECT 1) TO '{tmp_path}/x.csv'",
            f"ATTACH '{tmp_path}/x.duckdb' AS x", "SET threads = 8", "INSTALL httpfs",
            "CREATE TABLE marts.x AS SELECT 1", "DELETE FROM marts.audit_gaps",
        ):  # fmt: skip # a list
            with pytest.raises(duckdb.Error):
                reader.rows(sql)
    releases.close()
    assert list(tmp_path.iterdir()) == []


#: Texts that would mean something to an engine, a shell, a file system or a header.
TEXTS = [
    "' OR '1'='1", "'; DROP TABLE marts.audit_gaps; --", "\\' OR 1=1 --", '" OR ""="', "1) OR (1=1",
    "%' OR '%'='", "$chain", "?", "{project_no}", "{{7*7}}", "{% raw %}", "../../../etc/passwd",
    "..\\..\\x", "/etc/passwd", "read_csv('/etc/passwd')", "x\x00y", "x\r\nSet-Cookie: a=b",
    "\u202egnp.exe", "９９", "a" * 5000,
]  # fmt: skip # a list
#: Everything that takes a text, as it is asked with one.
TAKES_TEXT = [
    "/search?q={}", "/?campaign={}", "/reviews?name={}", "/reviews?chain={}", "/reviews?body={}",
    "/reviews?domain={}", "/reviews?campaign={}", "/reviews?sort={}", "/reviews?{}=1", "/gaps?{}=1",
    "/gaps?responsible_uscc={}", "/gaps?severity={}", "/export/bodies.xlsx?subject_id={}",
    "/export/matrix.csv?name={}", "/export/pack.zip?campaign={}", "/tables/{}", "/export/{}.csv",
    "/export/gaps.{}", "/definitions/{}", "/projects/{}", "/subjects/{}/x", "/subjects/hcqy-5/{}",
    "/tables/gifts?order_no={}", "/tables/gifts?sort={}", "/api/v1/tables/{}",
    "/api/v1/tables/gaps?subject_id={}", "/api/v1/tables/gaps?{}=1", "/static/{}", "/language/{}",
    "/language/en?back={}",
]  # fmt: skip # a list


@pytest.mark.parametrize("path", TAKES_TEXT)
def test_texts_that_mean_something_elsewhere(path: str, attacked: TestClient) -> None:
    """Each is found nowhere, refused or not there; no error, no more rows, no header of its own."""
    for text in TEXTS:
        answer = attacked.get(path.format(quote(text, safe="")), follow_redirects=False)
        assert answer.status_code in (200, 303, 400, 404), (path, text)
        assert "a=b" not in answer.headers.get("set-cookie", "")
        assert "root:" not in answer.text
        if answer.status_code == 200 and "gaps?subject_id" in path:
            assert answer.json()["total"] == 0
        if answer.headers.get("content-disposition"):
            name = answer.headers["content-disposition"].partition("filename=")[2].strip('"')
            assert re.fullmatch(r"juandi_[\w-]+\.(csv|xlsx|zip)", name, re.ASCII), name
    attacked.cookies.clear()
    assert attacked.get("/api/v1/tables/gaps").json()["total"] > 0  # all is still there


def test_the_pack_holds_names_of_ours_and_no_formula(attacked: TestClient) -> None:
    """Nothing that unpacks elsewhere; markup is text, formulas are text, nothing from elsewhere."""
    content = attacked.get("/export/pack.zip?campaign=scsl-2024").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    assert set(found) == {"index.html", "matrix.xlsx", "gaps.xlsx", "records.csv", "sources.csv",
                          "style.css", "manifest.json"}  # fmt: skip # a set
    index = found["index.html"].decode("utf-8")
    assert "<script" not in index
    assert "<img" not in index
    assert not ELSEWHERE.search(index)
    for name in ("records.csv", "sources.csv"):
        cells = [c for row in csv.reader(io.StringIO(found[name].decode("utf-8-sig"))) for c in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "-"))]
    assert "'" + FORMULA in found["records.csv"].decode("utf-8-sig").replace('""', '"')
    for name in ("matrix.xlsx", "gaps.xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(found[name]))
        assert not [c for sheet in book for row in sheet for c in row if c.data_type == "f"]


def test_formulas_are_text_for_programs_too(attacked: TestClient) -> None:
    """CSV of the API is opened in spreadsheets as well; JSON has the text as it is."""
    text = attacked.get("/api/v1/tables/fact_team.csv").content.decode("utf-8-sig")
    assert {row["circle"] for row in csv.DictReader(io.StringIO(text))} == {"'" + FORMULA}
    (row, *_) = attacked.get("/api/v1/tables/fact_team").json()["rows"]
    assert row["circle"] == FORMULA


@pytest.mark.parametrize("name", names())
def test_no_table_asks_another_machine(name: str, attacked: TestClient) -> None:
    """Nor has a script, a style or a tag of what its rows hold."""
    text = attacked.get(f"/tables/{name}").text
    assert not ELSEWHERE.search(text)
    assert text.count("<script") == 1
    assert "<img src=x" not in text
    assert " style=" not in text


def test_what_pages_load_asks_nobody_else(attacked: TestClient) -> None:
    """No style, script or picture names another address."""
    for name, asset in assets().items():
        content = attacked.get(f"/static/{name}").content
        assert content == asset.content
        plain = content.replace(b"http://www.w3.org/", b"")  # the name of a vocabulary
        assert not re.search(rb"(?i)https?:|@import|url\(\s*[\"']?//", plain), name


def test_the_policy_lets_nothing_else_in() -> None:
    """Each kind of thing that a page could load is from here, or forbidden."""
    policy = dict(part.split(" ", 1) for part in HEADERS["Content-Security-Policy"].split("; "))
    assert policy.pop("default-src") == "'none'"
    assert {policy.pop(name) for name in ("base-uri", "frame-ancestors")} == {"'none'"}
    assert set(policy.values()) == {"'self'"}
    assert {"script-src", "style-src", "img-src", "connect-src", "form-action"} == set(policy)


@pytest.mark.parametrize("language", ["<script>", "../en", "en; Secure", "", "zh-CN"])
def test_a_cookie_that_is_no_language(language: str, attacked: TestClient) -> None:
    """Chinese, and nothing of it on the page."""
    answer = attacked.get("/gaps", headers={"cookie": f"juandi_language={language}"})
    assert answer.status_code == 200
    assert 'lang="zh-CN"' in answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
