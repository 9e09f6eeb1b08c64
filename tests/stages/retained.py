"""A landing with files that count nowhere any more, and what `[retention]` says of it."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipelines.settings import Settings
from pipelines.stages.retain.due import due_files
from pipelines.stages.standing.resolve import resolve
from pipelines.stages.store.catalog import Catalog
from tests.stages.landings import Landing, row, table

GIFTS = "tencent_donations"
DAY = f"{GIFTS}/gifts_20240801.csv"
ARCHIVE = "archive = { days = 365 }"


def gifts(*numbers: int, **changed: str) -> bytes:
    """A file of gifts by their numbers, and one line that is refused."""
    good = [row(GIFTS, 订单号=f"{10**19 + n}", **changed) for n in numbers]
    return table([*good, row(GIFTS, 订单号="1234567")])


def rules(settings: Settings, *lines: str) -> None:
    """`[retention]` of the warehouse."""
    settings.warehouse.mkdir(parents=True, exist_ok=True)
    settings.config.write_text("\n".join(["[retention]", *lines]) + "\n", encoding="utf-8")


def aged(settings: Settings, days: int) -> None:
    """Everything was received so many days earlier."""
    with Catalog(settings).archive() as db:
        for number, at in db.execute("select received_no, first_seen_at from receipts").fetchall():
            earlier = (datetime.fromisoformat(at) - timedelta(days=days)).isoformat()
            db.execute(
                "update receipts set first_seen_at = ? where received_no = ?", (earlier, number)
            )


def going(settings: Settings) -> list[str]:
    """Plain paths of what is due."""
    return [one.standing.receipt.landing_path for one in due_files(settings).due]


def why(settings: Settings) -> set[str]:
    """Why files stay that are old enough."""
    return {one.why for one in due_files(settings).spared}


def state(settings: Settings) -> list[tuple[str, str, str | None, int]]:
    """How every file stands, by what is published of it."""
    return [
        (
            s.receipt.file_id,
            s.status,
            s.other.file_id if s.other else None,
            s.outcome.rows_quarantined,
        )
        for s in resolve(settings)
    ]


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A day's gifts in three versions, the next day's, and a refused file with a successor."""
    home = tmp_path_factory.mktemp("retention")
    made = Landing(home)
    made.put(DAY, gifts(1, 2, 3))
    made.load()
    made.put(DAY, gifts(1, 2, 3, 4))
    made.put(f"{GIFTS}/gifts_20240802.csv", gifts(5, 6))
    made.put(f"{GIFTS}/gifts_20240803.csv", b"no,headings\n1,2\n")
    made.load()
    made.put(DAY, gifts(1, 2, 3, 4, 7))
    made.put(f"{GIFTS}/gifts_20240803.csv", gifts(8))
    made.load()
    assert [a.status for a in made.accounts()] == [
        "superseded", "superseded", "loaded", "refused", "loaded", "loaded",
    ]  # fmt: skip # a list
    aged(made.settings, 400)
    return home


@pytest.fixture
def landing(made_once: Path, tmp_path: Path) -> Landing:
    """A copy of it for a test of its own."""
    shutil.copytree(made_once, tmp_path, dirs_exist_ok=True)
    copied = Landing(tmp_path)
    copied.wait(3600)
    return copied
