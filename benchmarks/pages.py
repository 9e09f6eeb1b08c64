"""The pages over a published release: how long each takes, and twenty viewers during two publishes.

    python -m benchmarks.pages --campaign scsl-2024 --scale 1
    python -m benchmarks.pages --campaign 99-2020 --scale 0.1 [--minutes 2] [--json FILE]

Generates the campaign and refreshes a warehouse with it (both kept in the cache), then serves it as
`juandi serve` does, in a process of its own. First each page once after another, twice over: the
second time counts, beside the bare limit of the same server, a file of its styles. Then the
viewers: each asks for a page, reads it for a second, asks for the next, until `juandi refresh` has
published twice. Fails (exit 1) if an answer was an error, or spoke of two releases.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote

import duckdb
import psutil

from benchmarks.giving.measure import memory_of, tree
from pipelines.settings import PROJECT_ROOT, Settings, load_settings
from pipelines.tables.version import SCHEMA_VERSION
from sample import generate

CACHE = PROJECT_ROOT / ".cache" / "pages"
_NAV = (
    "/", "/reviews", "/gaps", "/giving", "/organizations", "/programs", "/claims", "/health",
    "/tables",
)  # fmt: skip # a list of addresses
_RELEASE = re.compile(r'id="release">([^<]+)<')
READING_S = 1.0
_STARTING_S = 60


@dataclass
class Answers:
    """What the viewers were answered: seconds of each page, errors, releases seen."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    releases: set[str] = field(default_factory=set)


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--campaign", default="scsl-2024", help="a campaign of `juandi sample`")
    parser.add_argument("--scale", type=float, default=1.0, help="1 is the full campaign")
    parser.add_argument("--viewers", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=2.0, help="how long they look, at least")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where warehouses are kept")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    return parser.parse_args(argv)


def juandi(settings: Settings, *words: str, before: Sequence[str] = ()) -> subprocess.Popen[bytes]:
    """The command line over this warehouse, as another process; `before` stands ahead of it."""
    places = {"JUANDI_WAREHOUSE": settings.warehouse, "JUANDI_LANDING": settings.landing}
    return subprocess.Popen(
        [*before, sys.executable, "-m", "pipelines.cli.main", *words],
        env=os.environ | {name: str(path) for name, path in places.items()},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip # a command line


def refresh(settings: Settings) -> None:
    """A night. Raises RuntimeError with what it printed if nothing was published."""
    # as its systemd unit runs it: whoever reads a page goes before the night
    process = juandi(settings, "refresh", before=("nice", "-n", "10"))
    _, told = process.communicate()
    if process.returncode:
        raise RuntimeError(told.decode(errors="replace")[-2000:])


def warehouse(cache: Path, campaign: str, scale: float, work: Path) -> Settings:
    """A warehouse of `work` with the campaign published; made once, then copied from the cache."""
    kept = cache / f"{campaign}-{scale:g}-schema-{SCHEMA_VERSION}"  # pages read no other
    if not (kept / "done").exists():
        shutil.rmtree(kept, ignore_errors=True)
        settings = load_settings(kept / "w", kept / "l", env={})
        generate(settings.landing, campaign=campaign, scale=scale, faults="some")
        refresh(settings)
        (kept / "done").touch()
    for name in ("w", "l"):
        shutil.copytree(kept / name, work / name, dirs_exist_ok=True)
    return load_settings(work / "w", work / "l", env={})


def addresses(settings: Settings) -> list[str]:
    """Every kind of page once, as somebody reaches it: the nav, one of each thing, all tables."""
    with duckdb.connect(str(settings.published), read_only=True) as release:
        tables = [t for (t,) in release.execute(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        ).fetchall()]  # fmt: skip # one query
        chain, subject = release.execute(
            "select chain_id, subject_id from marts.audit_subjects"
            " where subject_type <> 'project' order by subject_id limit 1"
        ).fetchone() or ("", "")
        project, order, campaign = release.execute(
            "select project_no, order_no, campaign_id from star.fact_donation limit 1"
        ).fetchone() or ("", "", "")
    found = [*_NAV, f"/projects/{quote(project)}", f"/search?q={quote(order)}",
             f"/?campaign={quote(campaign)}", "/search?q=%E5%84%BF%E7%AB%A5"]  # fmt: skip # a list
    if subject:  # a project's own page is among the others
        found += [f"/reviews?chain={quote(chain)}", f"/subjects/{quote(chain)}/{quote(subject)}"]
    return [*found, *(f"/tables/{table}" for table in sorted(tables))]


@contextmanager
def served(settings: Settings) -> Iterator[tuple[int, psutil.Process]]:
    """Port and process of `juandi serve`, ready. Raises RuntimeError where it does not begin."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = juandi(settings, "serve", "--port", str(port))
    try:
        until = time.monotonic() + _STARTING_S
        while True:
            try:
                ask(port, "/static/style.css")
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError("juandi serve did not begin") from None
                time.sleep(0.1)
        yield port, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def ask(port: int, address: str) -> tuple[float, int, str]:
    """Seconds to the last byte, status and text of an address."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    began = time.perf_counter()
    try:
        connection.request("GET", address)
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        return time.perf_counter() - began, answer.status, text
    finally:
        connection.close()


def view(
    port: int, pages: list[str], is_over: Callable[[], bool], seed: int, answers: Answers
) -> None:
    """One viewer: a page at random, a second of reading, the next."""
    chance = random.Random(seed)  # noqa: S311 - which page is next is no secret
    while not is_over():
        address = chance.choice(pages)
        try:
            seconds, status, text = ask(port, address)
        except OSError as error:
            answers.errors.append(f"{address}: {error}")
            continue
        told = set(_RELEASE.findall(text))
        if status != 200 or len(told) != 1:
            answers.errors.append(f"{address}: {status}, releases {sorted(told)}")
        answers.seconds.append(seconds)
        answers.releases |= told
        time.sleep(chance.uniform(0.5, 1.5) * READING_S)


def more(settings: Settings, number: int) -> None:
    """A few more gifts in the landing: lines of the newest file under numbers of their own."""
    newest = max(settings.landing.glob("tencent_donations/**/*.csv"), key=lambda path: path.name)
    text = newest.read_text(encoding="utf-8").splitlines()
    at = next(i for i, line in enumerate(text) if "订单号" in line)
    gifts = text[at + 1 : at + 40]
    lines = [f"9{number}{i:020d},{line.split(',', 1)[1]}" for i, line in enumerate(gifts)]
    target = newest.with_name(f"{newest.stem}_more{number}.csv")
    target.write_text("\n".join([*text[: at + 1], *lines]) + "\n", encoding="utf-8")


def measured(options: argparse.Namespace, work: Path) -> dict[str, object]:
    """All figures as one document."""
    settings = warehouse(options.cache, options.campaign, options.scale, work)
    pages = addresses(settings)
    with duckdb.connect(str(settings.published), read_only=True) as release:
        (gifts,) = release.execute("select count(*) from star.fact_donation").fetchone() or (0,)
    answers, peak = Answers(), 0
    with served(settings) as (port, server):
        first = {address: ask(port, address)[0] for address in pages}
        again: dict[str, float] = {}
        for address in pages:
            again[address], status, _ = ask(port, address)
            if status != 200:
                answers.errors.append(f"{address}: {status}")
        bare = median(ask(port, "/static/style.css")[0] for _ in range(20))
        until = time.monotonic() + 60 * options.minutes
        nights = threading.Thread(target=_nights, args=(settings, answers))
        nights.start()

        def is_over() -> bool:
            return time.monotonic() > until and not nights.is_alive()

        viewers = [
            threading.Thread(target=view, args=(port, pages, is_over, seed, answers))
            for seed in range(options.viewers)
        ]
        for viewer in viewers:
            viewer.start()
        while any(viewer.is_alive() for viewer in viewers):
            peak = max(peak, sum(memory_of(one)[0] for one in tree(server.pid)))
            time.sleep(0.5)
    slowest = max(again, key=again.__getitem__)
    return {
        "campaign": options.campaign, "scale": options.scale, "gifts": gifts, "pages": len(pages),
        "bare_ms": round(1000 * bare, 1), "first_median_ms": round(1000 * median(first.values())),
        "median_ms": round(1000 * median(again.values())),
        "slowest_ms": round(1000 * again[slowest]), "slowest": slowest,
        "ratio_to_bare": round(median(again.values()) / bare, 1),
        "viewers": options.viewers, "answers": len(answers.seconds),
        "p95_ms": round(1000 * quantiles(answers.seconds, n=20)[-1]),
        "most_ms": round(1000 * max(answers.seconds)), "errors": answers.errors[:20],
        "releases": len(answers.releases), "peak_mb": round(peak / 1e6),
    }  # fmt: skip # a document


def _nights(settings: Settings, answers: Answers) -> None:
    for number in (1, 2):
        more(settings, number)
        try:
            refresh(settings)
        except RuntimeError as error:
            answers.errors.append(f"refresh {number}: {error}")


def main(argv: list[str] | None = None) -> int:
    """Prints the figures. Returns 1 if an answer was an error or the releases were not three."""
    options = arguments(argv)
    options.cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="run-", dir=options.cache) as work:
        found = measured(options, Path(work))
    if options.json:
        options.json.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print("\n".join(f"{name}: {value}" for name, value in found.items()))
    return 1 if found["errors"] or found["releases"] != 3 else 0


if __name__ == "__main__":
    sys.exit(main())
