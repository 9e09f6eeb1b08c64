"""Takes the pictures of the reviewers' pages that `docs/pages.md` shows.

    python -m tools.page_pictures WAREHOUSE [FOLDER]     # docs/images without a folder

WAREHOUSE holds a published sample (`juandi demo --scale 0.05 --warehouse WAREHOUSE`). The browser
is Debian's Chromium, the pages are served from this process and nothing leaves the machine.
"""

from __future__ import annotations

import shutil
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, sync_playwright

from pages.app import create_app
from pipelines.settings import load_settings

ROOT = Path(__file__).resolve().parent.parent
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
#: Name → path, width, language, and whether all of the page is shown.
PICTURES = {
    "pages-overview": ("/", 1280, "zh", True),
    "pages-reviews": ("/reviews", 1280, "zh", False),
    "pages-reviews-map": ("/reviews?view=map#matrix", 1280, "zh", False),
    "pages-reviews-narrow": ("/reviews?gap=no_evidence", 390, "zh", True),
    "pages-project": ("/projects/990005", 1280, "zh", True),
    "pages-gaps": ("/gaps", 1280, "en", False),
    "pages-rows": (
        "/rows/marts.campaign_summary/net_cny?campaign_id=scsl-2024",
        1280,
        "zh",
        False,
    ),
    "pages-worked": (
        "/rows/marts.campaign_summary/avg_cny?campaign_id=scsl-2024",
        1280,
        "zh",
        False,
    ),
    "pages-gates": ("/health/gates", 1280, "en", False),
    "pages-giving": ("/giving", 1280, "zh", False),
}


@contextmanager
def served(warehouse: Path) -> Iterator[str]:
    """The pages of a warehouse on a port that is free; gives their address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(
        create_app(load_settings(warehouse, env={})), port=port, log_level="warning"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(30)


def take(browser: Browser, address: str, folder: Path) -> None:
    """All pictures, each by a browser that was never here before."""
    for name, (path, width, language, whole) in PICTURES.items():
        context = browser.new_context(viewport={"width": width, "height": 900})
        context.add_cookies([{"name": "juandi_language", "value": language, "url": address}])
        page = context.new_page()
        page.goto(address + path)
        page.screenshot(path=folder / f"{name}.png", full_page=whole)
        context.close()
        print(f"juandi: {folder / name}.png")


def main(arguments: list[str]) -> None:
    """The command."""
    warehouse = Path(arguments[0])
    folder = Path(arguments[1]) if len(arguments) > 1 else ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    with served(warehouse) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        take(browser, address, folder)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
