"""HTTP: files, pages, days; and every way in which a server may be wrong."""

from __future__ import annotations

import json
import logging
import time
from datetime import timedelta
from typing import Any

import pytest

from pipelines.settings import Settings
from tests.fetch.conftest import NOW, QUICK, Declare, landed, pulled, rules
from tests.fetch.faulty import Asked, Faulty, File

BODY = b"a,b\n" + b"1,2\n" * 50_000
FILE = "trainings/list/list.csv"


def one_file(declare: Declare, faulty: Faulty, more: str = "") -> Settings:
    """A pull of one address."""
    return declare(
        f'[pull.list]\nsource = "trainings"\nkind = "http"\nurl = "{faulty.url}/list.csv"\n'
        f"{QUICK}{more}"
    )


def test_a_file_is_fetched_once(declare: Declare, faulty: Faulty) -> None:
    """Unchanged it is not read again; changed it is."""
    settings = one_file(declare, faulty)
    faulty.files["/list.csv"] = File(BODY)
    first = pulled(settings)
    assert (first.pulls[0].new, first.faults) == (["list.csv"], [])
    assert landed(settings) == {FILE: BODY}
    read = faulty.count("GET")
    again = pulled(settings)
    assert (again.pulls[0].new, again.pulls[0].unchanged) == ([], 1)
    assert faulty.count("GET") == read
    faulty.files["/list.csv"].body = BODY + b"3,4\n"
    assert pulled(settings).new == 1
    assert landed(settings) == {FILE: BODY + b"3,4\n"}


def test_without_its_state_nothing_is_harmed(declare: Declare, faulty: Faulty) -> None:
    """Lost or damaged: the file is read once more, found the same, and left as it is."""
    settings = one_file(declare, faulty)
    faulty.files["/list.csv"] = File(BODY)
    pulled(settings)
    before = (settings.landing / FILE).stat().st_mtime_ns
    for damage in (b"no database at all" * 100, None):
        if damage is None:
            settings.pull_state.unlink()
        else:
            settings.pull_state.write_bytes(damage)
        report = pulled(settings)
        assert (report.new, report.pulls[0].unchanged, report.faults) == (0, 1, [])
    assert (settings.landing / FILE).stat().st_mtime_ns == before


def test_a_server_that_drops_is_gone_on_with(declare: Declare, faulty: Faulty) -> None:
    """Each try goes on from where the last broke off, more often than `attempts`."""
    settings = one_file(declare, faulty, "attempts = 2\n")
    faulty.files["/list.csv"] = File(BODY, drop_after=20_000)
    report = pulled(settings)
    assert (report.new, report.faults) == (1, [])
    assert landed(settings) == {FILE: BODY}
    assert report.pulls[0].tries > 5
    starts = [a.headers["Range"] for a in faulty.asked if "Range" in a.headers]
    assert starts[:2] == ["bytes=20000-", "bytes=40000-"]


def test_a_part_of_an_older_file_is_never_gone_on_with(declare: Declare, faulty: Faulty) -> None:
    """The server broke off last night, and has another file tonight."""
    settings = one_file(declare, faulty, "attempts = 1\n")
    faulty.files["/list.csv"] = File(BODY, drop_after=1_000, ranges=False)
    assert rules(pulled(settings)) == [("", "pull.length")] or landed(settings) == {}
    other = BODY.replace(b"1,2", b"8,9")
    faulty.files["/list.csv"] = File(other)
    assert pulled(settings).faults == []
    assert landed(settings) == {FILE: other}
    assert not list((settings.landing / "trainings" / ".list").iterdir())


@pytest.mark.parametrize("stated", [len(BODY) + 10, len(BODY) - 10], ids=["long", "short"])
def test_a_lie_about_the_length_is_refused(declare: Declare, faulty: Faulty, stated: int) -> None:
    """Nothing of the file is taken; what is there stays."""
    settings = one_file(declare, faulty)
    faulty.files["/list.csv"] = File(BODY, stated=stated)
    report = pulled(settings)
    assert rules(report) == [("list.csv", "pull.length")]
    assert landed(settings) == {}


def test_a_file_that_changes_is_read_again(declare: Declare, faulty: Faulty) -> None:
    """Once more, and whole; where it always changes it is refused."""
    settings = one_file(declare, faulty)
    file = faulty.files["/list.csv"] = File(BODY)
    changes = 0

    def change() -> None:
        nonlocal changes
        changes += 1
        if changes == 1:
            file.body = BODY.replace(b"1,2", b"5,6")

    file.on_read = change
    assert pulled(settings).faults == []
    assert landed(settings) == {FILE: BODY.replace(b"1,2", b"5,6")}

    def always() -> None:
        file.body += b"7,8\n"

    file.on_read = always
    file.body += b"7,8\n"
    assert rules(pulled(settings)) == [("list.csv", "pull.changed")]
    assert landed(settings) == {FILE: BODY.replace(b"1,2", b"5,6")}


def test_a_busy_server_is_waited_for(declare: Declare, faulty: Faulty) -> None:
    """As long as it asks; not for a second try where no time is left."""
    settings = one_file(declare, faulty)
    faulty.files["/list.csv"] = File(BODY, statuses=[(503, {}), (429, {"Retry-After": "1"})])
    began = time.monotonic()
    assert pulled(settings).faults == []
    assert time.monotonic() - began >= 1
    settings = one_file(declare, faulty, "minutes = 0.05\n")
    faulty.files["/list.csv"] = File(b"x,y\n", statuses=[(429, {"Retry-After": "3600"})])
    began = time.monotonic()
    report = pulled(settings)
    assert time.monotonic() - began < 2
    assert rules(report) == [("", "pull.busy")]
    assert "HTTP 429" in report.faults[0].detail


def test_pauses_grow_and_differ(declare: Declare, faulty: Faulty) -> None:
    """Twice as long each time, with some chance in it."""
    settings = one_file(declare, faulty)
    settings.config.write_text(
        settings.config.read_text().replace("first_wait = 0", "first_wait = 0.2")
    )
    faulty.files["/list.csv"] = File(BODY, statuses=[(500, {})] * 10)
    began = time.monotonic()
    assert rules(pulled(settings)) == [("", "pull.busy")]
    assert 0.5 * (0.2 + 0.4 + 0.8) <= time.monotonic() - began < 5
    assert faulty.count("GET") == 4


def test_a_slow_server_goes_on_the_next_night(declare: Declare, faulty: Faulty) -> None:
    """What came is kept; one that says nothing is given up after `timeout`."""
    settings = one_file(declare, faulty, "minutes = 0.01\n")
    faulty.files["/list.csv"] = File(BODY, pause=0.7)
    report = pulled(settings)
    assert rules(report) == [("", "pull.slow")]
    (part,) = (settings.landing / "trainings" / ".list").iterdir()
    assert part.stat().st_size > 0
    faulty.files["/list.csv"].pause = 0
    settings = one_file(declare, faulty)
    assert pulled(settings).faults == []
    assert landed(settings) == {FILE: BODY}


@pytest.mark.parametrize(
    ("status", "rule"),
    [(401, "pull.not_authenticated"), (404, "pull.not_found"), (302, "pull.answer")],
)
def test_answers_that_no_second_try_changes(
    declare: Declare, faulty: Faulty, status: int, rule: str
) -> None:
    """Asked once, and told."""
    settings = one_file(declare, faulty)
    faulty.answers["/list.csv"] = lambda _: (status, b"")
    assert [found for _, found in rules(pulled(settings))] == [rule]
    assert len(faulty.asked) == 1


def test_too_large_is_refused_before_it_is_read(declare: Declare, faulty: Faulty) -> None:
    """By the length that is told, and by the bytes where none is."""
    settings = one_file(declare, faulty, "max_bytes = 1000\n")
    faulty.files["/list.csv"] = File(BODY)
    assert rules(pulled(settings)) == [("list.csv", "pull.too_large")]
    assert faulty.count("GET") == 0
    assert landed(settings) == {}


API = """
[pull.open]
source = "tencent_donations"
kind = "http"
url = "{url}/trans"
first_day = 2024-08-02
again = 1
first_wait = 0
attempts = 2
timeout = 3
headers = {{ Authorization = {{ env = "OPEN_TOKEN" }} }}
params = {{ begin = "{{day:%Y%m%d}}", end = "{{next_day:%Y%m%d}}", key = {{ env = "OPEN_KEY" }} }}
pages = {{ rows = "data.list", number = "page", total = "data.total" }}
"""
TOKEN, KEY = "Bearer s3cret/+token", "k&y=very secret"


def rows_of(day: str, count: int = 5) -> list[dict[str, Any]]:
    """Gifts of a day as the open platform writes them."""
    return [{"transcode": f"T{day}{n:04}", "money": 100 + n, "pid": "7"} for n in range(count)]


@pytest.fixture
def api(faulty: Faulty, monkeypatch: pytest.MonkeyPatch) -> Faulty:
    """An interface with pages of two rows, which wants a token."""
    monkeypatch.setenv("OPEN_TOKEN", TOKEN)
    monkeypatch.setenv("OPEN_KEY", KEY)

    def answer(asked: Asked) -> tuple[int, Any]:
        if asked.headers.get("Authorization") != TOKEN or asked.params["key"] != KEY:
            return 403, {"error": f"bad {asked.headers.get('Authorization')}"}
        rows = rows_of(asked.params["begin"]) if asked.params["begin"] != "20240803" else []
        start = 2 * (int(asked.params["page"]) - 1)
        return 200, {"code": 0, "data": {"total": len(rows), "list": rows[start : start + 2]}}

    faulty.answers["/trans"] = answer
    return faulty


def test_pages_by_day(declare: Declare, api: Faulty) -> None:
    """A file for each day that has rows; the last day again; an empty one is no fault."""
    settings = declare(API.format(url=api.url))
    report = pulled(settings)
    assert report.faults == []
    files = landed(settings)
    assert sorted(files) == [
        "tencent_donations/open/open-20240802.jsonl",
        "tencent_donations/open/open-20240804.jsonl",
    ]
    lines = files["tencent_donations/open/open-20240802.jsonl"].decode().splitlines()
    assert [json.loads(line) for line in lines] == rows_of("20240802")
    asked = len(api.asked)
    again = pulled(settings)
    assert (again.new, again.pulls[0].unchanged) == (0, 1)
    assert {a.params["begin"] for a in api.asked[asked:]} == {"20240804"}
    pulled(settings, NOW + timedelta(days=1))
    assert len(landed(settings)) == 3


def test_numbers_stay_as_they_were_written(declare: Declare, api: Faulty) -> None:
    """A yuan amount of 18 digits and trailing zeros is no float on its way."""
    settings = declare(API.format(url=api.url))
    row = b'{ "transcode": "T1", "money": 12345678901234567.10, "n": 1E+2, "zh": "\xe6\xb6\x93" }'
    api.answers["/trans"] = lambda asked: (
        200,
        b'{"data": {"total": 1, "list": [' + (row if asked.params["page"] == "1" else b"") + b"]}}",
    )
    assert pulled(settings).faults == []
    text = landed(settings)["tencent_donations/open/open-20240802.jsonl"]
    assert text == b'{"transcode":"T1","money":12345678901234567.10,"n":1E+2,"zh":"\xe6\xb6\x93"}\n'


def test_pages_that_are_not_all_are_refused(declare: Declare, api: Faulty) -> None:
    """A page that comes again, a total that is not reached, an answer of another shape."""
    settings = declare(API.format(url=api.url))
    page = {"data": {"total": 9, "list": rows_of("20240802", 2)}}
    api.answers["/trans"] = lambda _: (200, page)
    assert {rule for _, rule in rules(pulled(settings))} == {"pull.pages"}
    api.answers["/trans"] = lambda a: (
        200,
        page if a.params["page"] == "1" else {"data": {"total": 9, "list": []}},
    )
    assert {rule for _, rule in rules(pulled(settings))} == {"pull.pages"}
    for wrong in (b"<html>", {"data": None}, {"data": {"total": 1, "list": "none"}}):
        api.answers["/trans"] = lambda _, wrong=wrong: (200, wrong)  # type: ignore[misc]
        assert {rule for _, rule in rules(pulled(settings))} == {"pull.answer"}
    assert landed(settings) == {}


def test_since_the_newest_file(declare: Declare, api: Faulty) -> None:
    """One file a night, of what is new since the newest one of an earlier day; by a cursor."""
    text = API.format(url=api.url).replace(
        'begin = "{day:%Y%m%d}", end = "{next_day:%Y%m%d}"', 'since = "{since}"'
    )
    settings = declare(
        text.replace('number = "page", total = "data.total"', 'cursor = "after", next = "next"')
    )
    seen: list[dict[str, str]] = []

    def answer(asked: Asked) -> tuple[int, Any]:
        seen.append(asked.params)
        if "after" not in asked.params:
            return 200, {"data": {"list": rows_of("1", 2)}, "next": "x1"}
        return 200, {"data": {"list": rows_of("2", 1)}, "next": None}

    api.answers["/trans"] = answer
    assert pulled(settings).new == 1
    assert pulled(settings).new == 0
    assert pulled(settings, NOW + timedelta(days=2)).new == 1
    assert sorted(landed(settings)) == [
        "tencent_donations/open/open-20240805.jsonl",
        "tencent_donations/open/open-20240807.jsonl",
    ]
    assert [a["since"] for a in seen if "after" not in a] == [
        "2024-08-02",
        "2024-08-02",
        "2024-08-05",
    ]


def test_no_secret_is_ever_shown(
    declare: Declare,
    api: Faulty,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Neither in logs of any level nor in what is told, however the server answers."""
    caplog.set_level(logging.DEBUG)
    text = API.format(url=api.url)
    reports = [pulled(declare(text))]
    monkeypatch.setenv("OPEN_TOKEN", TOKEN + "x")
    reports.append(pulled(declare(text)))
    reports.append(pulled(declare(text.replace(api.url, "http://127.0.0.1:9"))))
    monkeypatch.delenv("OPEN_KEY")
    reports.append(pulled(declare(text)))
    found = [sorted({rule for _, rule in rules(report)}) for report in reports]
    assert found == [[], ["pull.not_authenticated"], ["pull.unreachable"], ["pull.secret"]]
    told = "\n".join(
        [caplog.text, *(f.sentence for r in reports for f in r.faults), *capsys.readouterr()]
    )
    for secret in ("s3cret", "very secret", "very%20secret", "very+secret"):
        assert secret not in told
