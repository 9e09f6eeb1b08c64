"""What a night asks of the books: as much with many receipts behind it as with few.

Counted in statements, in outcomes read and in files opened, not in seconds.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.settings import BEIJING
from pipelines.sources import source
from pipelines.stages.build import build, inputs
from pipelines.stages.load import due, load, read_file
from pipelines.stages.load.due import news, pending
from pipelines.stages.load.load import load_all, load_source
from pipelines.stages.receive import pull as pulling
from pipelines.stages.receive.pull import pull
from pipelines.stages.store import bytes_kept
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.healing import heal
from pipelines.stages.store.receipts import Outcome
from tests.stages.landings import Landing, row, table

GIFTS = "tencent_donations"


def gift(number: int) -> bytes:
    """A file of one gift."""
    return table([row(GIFTS, 订单号=f"{12345678901234500007 + number}")])


def with_files(root: Path, count: int) -> Landing:
    """A warehouse that has received and read so many files."""
    landing = Landing(root)
    for number in range(count):
        landing.put(f"{GIFTS}/p{number}_20240802.csv", gift(number))
    landing.load()
    inputs.settled_hash(landing.settings)
    return landing


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """Statements of SQL, outcomes read, files hashed or read, looks at all that stands."""
    counts: Counter[str] = Counter()

    def counting(what: str, plain: Callable[..., Any]) -> Callable[..., Any]:
        def count(*told: Any, **more: Any) -> Any:
            counts[what] += 1
            return plain(*told, **more)

        return count

    def connect(*told: Any, **more: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = plain_connect(*told, **more)
        connection.set_trace_callback(lambda _: counts.update(["statements"]))
        return connection

    plain_connect = sqlite3.connect
    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", connect)
        patched.setattr(Outcome, "from_json", counting("outcomes", Outcome.from_json))
        patched.setattr(bytes_kept, "hash_of", counting("files", bytes_kept.hash_of))
        patched.setattr(pulling, "archive_bytes", counting("files", pulling.archive_bytes))
        patched.setattr(read_file, "load_receipt", counting("files", read_file.load_receipt))
        for module in (due, load, inputs):
            patched.setattr(module, "resolve", counting("resolved", module.resolve))
        yield counts


def quiet_night(landing: Landing) -> None:
    """All of a refresh that finds nothing new."""
    heal(landing.settings)
    assert pull(landing.settings).new == []
    assert inputs.settled_hash(landing.settings) is not None


def night_of_one_file(landing: Landing) -> None:
    """A refresh with one new file, up to the build."""
    landing.put(f"{GIFTS}/new_20240802.csv", gift(999))
    heal(landing.settings)
    assert len(pull(landing.settings).new) == 1
    assert len(load_source(landing.settings, source(GIFTS), due=news)) == 1
    assert load_all(landing.settings) == []


@pytest.mark.parametrize("night", [quiet_night, night_of_one_file])
def test_a_night_asks_as_much_whatever_came_before(
    night: Callable[[Landing], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    for count in (8, 40):
        landing = with_files(tmp_path / str(count), count)
        with counted(monkeypatch) as counts:
            night(landing)
        asked.append(counts)
    assert asked[0] == asked[1]
    assert asked[0]["resolved"] == 0
    assert asked[0]["outcomes"] == 1  # one of each shape
    assert asked[0]["files"] == (0 if night is quiet_night else 3)  # copied, read, hashed


def test_a_build_looks_once_at_what_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    landing = with_files(tmp_path, 3)
    landing.put(f"{GIFTS}/again_20240802.csv", gift(0))
    pull(landing.settings)
    with counted(monkeypatch) as counts:
        made = build.prepare_build(landing.settings, inputs.inputs_of(landing.settings))
        assert inputs.settled_hash(landing.settings) == made.inputs_hash  # known from the build
    assert counts["resolved"] == 1
    assert [s.status for s in made.standings] == ["loaded"] * 3 + ["duplicate"]


def test_what_is_known_holds_only_as_long_as_the_catalogues_say_the_same(tmp_path: Path) -> None:
    landing = with_files(tmp_path, 2)
    settings, catalog = landing.settings, Catalog(landing.settings)
    first = inputs.settled_hash(settings)
    before = tmp_path / "before.sqlite"
    shutil.copy(catalog.archive_file, before)
    catalog.decide("x", "waived", "tried", datetime.now(BEIJING))
    second = inputs.settled_hash(settings)
    assert None not in (first, second)
    assert first != second
    words = {catalog.state}
    for reason in ("one", "another"):  # put back from a backup, and changed otherwise
        shutil.copy(before, catalog.archive_file)
        catalog.decide("x", "waived", reason, datetime.now(BEIJING))
        words.add(catalog.state)
    assert len(words) == 3
    assert inputs.settled_hash(settings) not in (first, second)
    catalog.forget(1)
    assert inputs.settled_hash(settings) is None  # there is something to be read
    load_all(settings)
    assert inputs.settled_hash(settings) is not None


def test_the_same_state_is_no_answer_for_another_day_or_other_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    landing = with_files(tmp_path, 1)
    found = {inputs.settled_hash(landing.settings)}
    monkeypatch.setattr(inputs, "code_digest", lambda: "other code")
    found.add(inputs.settled_hash(landing.settings))
    asked = Landing(tmp_path, as_of=datetime(2024, 8, 1).date())
    found.add(inputs.settled_hash(asked.settings))
    assert len(found) == 3


def test_what_could_not_be_looked_at_is_not_settled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    landing = with_files(tmp_path, 1)
    landing.put(f"{GIFTS}/again/p0_20240802.csv", gift(0) + b"\n")
    pull(landing.settings)
    load_all(landing.settings)
    with Catalog(landing.settings).lake() as db:
        db.execute("delete from answers")
    kept = [*landing.settings.lake.glob(f"{GIFTS}/*/*/*.parquet")]
    for part in kept:
        part.rename(part.with_suffix(".away"))
    with_parts_away = inputs.settled_hash(landing.settings)
    for part in kept:
        part.with_suffix(".away").rename(part)
    assert inputs.settled_hash(landing.settings) != with_parts_away


def test_news_are_the_first_of_their_bytes(tmp_path: Path) -> None:
    landing = with_files(tmp_path, 2)
    landing.put(f"{GIFTS}/copy_20240802.csv", gift(0))
    landing.put(f"{GIFTS}/copy_20240803.csv", gift(0))
    landing.put(f"{GIFTS}/new_20240802.csv", gift(7))
    pull(landing.settings)
    assert [r.file_name for r in news(landing.settings)] == ["new_20240802.csv"]
    named = [r.file_name for r in pending(landing.settings)]
    assert named == ["copy_20240803.csv", "new_20240802.csv"]
