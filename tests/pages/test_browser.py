"""The pages in a real browser: Debian's Chromium, headless, nothing from elsewhere.

Skipped, and says so, where there is none; `.ci/run` installs it.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from pipelines.settings import Settings
from tools.page_pictures import ARGUMENTS, served

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium"),
]

PATHS = [
    "/", "/reviews", "/reviews?sort=level_3", "/reviews?view=map", "/reviews?chain=hcqy-5",
    "/projects/990005", "/projects/97060", "/gaps", "/search?q=990005", "/search",
    "/giving", "/organizations", "/programs", "/claims", "/health", "/tables",
    "/tables/gifts", "/tables/flags", "/tables/gaps?level_no=3",
    "/rows/marts.campaign_summary/net_cny?campaign_id=scsl-2024",
    "/definitions/marts.audit_matrix", "/nope", "/tables/gaps?x=1",
]  # fmt: skip # a list
#: A matrix of some subjects stands for one of all: axe looks at every cell.
LOOKED_AT = [
    f"{path}&domain=敬老爱老" if "/reviews?" in path else path
    for path in PATHS
    if path not in ("/reviews", "/tables/gifts") and "hcqy" not in path
]
Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture(scope="module")
def address(some: Settings) -> Iterator[str]:
    """The pages of the small sample, on a port that was free."""
    with served(some.warehouse) as found:
        yield found


class Watched:
    """A page, and what went wrong on it: errors in the console, requests to anybody else."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.page: Page = context.new_page()
        self.address = address
        self.errors: list[str] = []
        self.elsewhere: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "request",
            lambda r: None if r.url.startswith(address) else self.elsewhere.append(r.url),
        )

    def _console(self, message: ConsoleMessage) -> None:
        expected = "status of 40" in message.text  # the answer of a page that is not there
        if message.type in ("error", "warning") and not expected:
            self.errors.append(message.text)

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page


@pytest.fixture
def watched(browser: Browser, address: str) -> Iterator[Watched]:
    """A browser that was never here before; nothing may go wrong while it is used."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    found = Watched(context, address)
    yield found
    context.close()
    assert found.errors == []
    assert found.elsewhere == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_opens(path: str, language: str, watched: Watched) -> None:
    """In either language: no error in the console, nothing asked of others."""
    cookie = {"name": "juandi_language", "value": language, "url": watched.address}
    watched.page.context.add_cookies([cookie])  # type: ignore[list-item] # a dict is one
    page = watched.open(path)
    assert page.locator("h1").count() == 1
    assert page.locator("footer").inner_text()


@pytest.mark.parametrize("path", LOOKED_AT)
def test_axe_finds_nothing(path: str, watched: Watched) -> None:
    """No violation of any of its rules."""
    page = watched.open(path)
    found = [
        (rule["id"], rule["impact"], node["html"][:200], node.get("failureSummary", "")[:300])
        for rule in Axe().run(page).response["violations"]
        for node in rule["nodes"][:3]
    ]
    assert found == []


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_fits_its_window(path: str, width: int, watched: Watched) -> None:
    """Nothing sticks out sideways: wide tables scroll by themselves, and text is not tiny."""
    watched.page.set_viewport_size({"width": width, "height": 900})
    page = watched.open(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    smallest = page.evaluate(
        "Math.min(...[...document.querySelectorAll('main td, main p, main a, main dd')]"
        ".filter(e => e.innerText).map(e => parseFloat(getComputedStyle(e).fontSize)))"
    )
    assert smallest >= 12


def test_filters_change_figures_and_the_link(watched: Watched, mart: Ask) -> None:
    """Choose, apply, see fewer; remove one; go back and see what was there before."""
    page = watched.open("/reviews")
    everyone = page.locator("#matched").inner_text()
    page.select_option("select[name=status]", "rejected")
    page.select_option("select[name=level]", "3")
    page.click("form.filters button")
    (row,) = mart("select count(*) as n from marts.audit_matrix where status = 'rejected'"
                  " and level_no = 3 and chain_id = 'scsl-2024-6'")  # fmt: skip # a short query
    assert page.locator("#matched").inner_text() == str(row["n"]) != everyone
    assert "status=rejected" in page.url
    assert "domain=" not in page.url  # what was not chosen is not in the link
    assert page.locator("table.matrix tbody tr").count() == row["n"]
    narrowed = page.url
    page.locator(".chip").first.click()
    assert "status=rejected" not in page.url or "level=3" not in page.url
    page.go_back()
    assert page.url == narrowed
    assert page.locator("#matched").inner_text() == str(row["n"])
    assert page.locator("select[name=status]").input_value() == "rejected"
    page.go_back()
    assert page.locator("#matched").inner_text() == everyone
    page.click("form.filters button")  # it can be sent again
    assert page.locator("#matched").inner_text() == everyone


def test_sorting_and_drilling(watched: Watched) -> None:
    """A heading sorts; a name leads to the project; its source file can be followed."""
    page = watched.open("/reviews")
    page.click("th[data-column=last_decided_at] a")
    assert page.locator("th[data-column=last_decided_at]").get_attribute("aria-sort") == "ascending"
    page.click("th[data-column=last_decided_at] a")
    assert "desc=1" in page.url
    name = page.locator("table.matrix tbody th a").first
    words = name.inner_text()
    name.click()
    assert "/projects/" in page.url
    assert words in page.locator("h1").inner_text()
    page.locator("table[data-listing=reviews] td a").first.click()
    assert page.locator("table[data-listing=files] tbody tr").count() == 1


def test_the_workbook_comes_down_and_adds_up(watched: Watched, mart: Ask) -> None:
    """One click, a sheet per body, as many gaps as the mart has."""
    page = watched.open("/gaps")
    with page.expect_download() as waiting:
        page.click("a.button")
    path = Path(waiting.value.path())
    assert waiting.value.suggested_filename.endswith(".xlsx")
    found = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    rows = sum(sheet.max_row - 1 for sheet in found.worksheets[2:])
    assert rows == mart("select count(*) as n from marts.audit_gaps")[0]["n"]


def test_english_and_back(watched: Watched) -> None:
    """The switch keeps the page and its filters, and is remembered."""
    page = watched.open("/reviews?status=rejected&level=2")
    before = page.locator("#matched").inner_text()
    page.click("a.language")
    assert page.locator("h1").inner_text() == "Review completeness"
    assert "status=rejected" in page.url
    assert page.locator("#matched").inner_text() == before
    page.click("nav a[href='/gaps']")
    assert page.locator("html").get_attribute("lang") == "en"
    page.click("a.language")
    assert page.locator("html").get_attribute("lang") == "zh-CN"


def test_the_keyboard_reaches_everything(watched: Watched) -> None:
    """From the top with Tab: the skip link, every link, field, button and scrolling region."""
    page = watched.open("/gaps")
    wanted = page.evaluate(
        "[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select,"
        ' summary, [tabindex="0"]\')].filter(e => e.checkVisibility()).length'
    )
    reached = set()
    for number in range(wanted + 5):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "(() => { const e = document.activeElement;"
                " return e === document.body ? '' :"
                " [...document.querySelectorAll('*')].indexOf(e) + '' })()"
            )
        )
        if number == 0:
            assert page.locator("a.skip").evaluate("e => e === document.activeElement")
    assert len(reached - {""}) == wanted
    page.goto(watched.address + "/reviews")
    page.keyboard.press("/")
    page.keyboard.type("990005")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=990005")
    page.locator("table[data-listing=found_projects] a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/projects/990005")
    outline = page.locator(".top a").first
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    style = "e => getComputedStyle(document.activeElement).outlineStyle"
    assert outline.evaluate(style) == "solid"


def test_without_javascript_every_page_works(browser: Browser, address: str, mart: Ask) -> None:
    """Filters and search are plain forms."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/reviews")
    page.select_option("select[name=gap]", "no_evidence")
    page.click("form.filters button")
    assert "gap=no_evidence" in page.url
    assert page.locator("#matched").inner_text() == "1"
    page.fill("#q", "990005")
    page.press("#q", "Enter")
    page.locator("table[data-listing=found_projects] a").first.click()
    assert page.locator(".steps li").count() == 6
    context.close()


@pytest.mark.parametrize("path", ["/reviews", "/projects/990005", "/gaps"])
def test_it_prints_on_a4(path: str, watched: Watched, tmp_path: Path) -> None:
    """Landscape, nothing cut off at the right, headings on each sheet, no controls."""
    page = watched.open(path)
    page.emulate_media(media="print")
    # the width of A4 landscape without its margins, at 96 dots an inch
    page.set_viewport_size({"width": round((297 - 24) / 25.4 * 96), "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")
    assert not page.locator("form.filters").first.is_visible() if "projects" not in path else True
    file = tmp_path / "page.pdf"
    page.pdf(path=file, prefer_css_page_size=True)
    assert file.read_bytes().startswith(b"%PDF")
    assert file.stat().st_size > 20_000


def test_the_command_serves_and_ends(some: Settings, tmp_path: Path) -> None:
    """`juandi serve` says where it listens, answers there, and ends when told to."""
    import socket
    import sys
    import time
    import urllib.request

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "pipelines.cli.main", "serve", "--port", str(port)]
    env = os.environ | {"JUANDI_WAREHOUSE": str(some.warehouse), "HOME": str(tmp_path)}
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as process:
        try:
            until = time.monotonic() + 60
            while True:
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/gaps") as answer:
                        assert answer.status == 200
                    break
                except OSError:
                    assert time.monotonic() < until
                    assert process.poll() is None
                    time.sleep(0.2)
        finally:
            process.terminate()
            _, said = process.communicate(timeout=60)
    assert f"http://127.0.0.1:{port}" in said
