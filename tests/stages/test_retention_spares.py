"""What must never go however old it is: each clause seen to be what keeps it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.publishing.releases import kept_file
from pipelines.stages.receive.pull import archived
from pipelines.stages.retain import due as due_module
from pipelines.stages.retain import sparing
from pipelines.stages.retain.due import due_files
from pipelines.stages.retain.retain import apply
from pipelines.stages.retain.sparing import (
    IN_A_RELEASE,
    OTHERS_CHANGE,
    REFERRED_TO,
    SAME_BYTES,
    UNDECIDED,
)
from pipelines.stages.standing.resolve import resolve
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.receipts import FileDecision, Outcome
from tests.publishing.releases_by_hand import release, write_release
from tests.stages.landings import Landing, row, table
from tests.stages.retained import (
    ARCHIVE,
    DAY,
    GIFTS,
    aged,
    gifts,
    going,
    landing,
    made_once,
    rules,
    state,
    why,
)

__all__ = ["landing", "made_once"]


def _nothing(*_: Any, **__: Any) -> set[str]:
    return set()


def _held(landing: Landing) -> None:
    landing.put(f"{GIFTS}/gifts_20240802.csv", gifts())
    landing.load()


def _counted(landing: Landing) -> None:
    first = Catalog(landing.settings).receipts()[0]
    write_release(
        landing.settings,
        release(1),
        {"load_audit": [{"source_file_id": first.file_id, "status": "loaded"}]},
    )


def _worked_on(landing: Landing) -> None:
    catalog = Catalog(landing.settings)
    for receipt in catalog.receipts():
        catalog.decide_file(receipt.file_id, FileDecision("accepted", "", "li", "2024-08-05"))


def test_a_held_file_keeps_all_of_its_source(landing: Landing) -> None:
    """Until somebody decides, what it would replace may have to stand again."""
    rules(landing.settings, ARCHIVE)
    assert len(going(landing.settings)) == 3
    _held(landing)
    assert going(landing.settings) == []
    assert why(landing.settings) == {UNDECIDED}


def test_a_kept_release_keeps_its_files(landing: Landing, monkeypatch: pytest.MonkeyPatch) -> None:
    """It can be rolled back to, and then every row of it is traced to its line."""
    settings = landing.settings
    rules(settings, ARCHIVE)
    _counted(landing)
    first = Catalog(settings).receipts()[0]
    assert first.file_id not in {o.standing.receipt.file_id for o in due_files(settings).due}
    assert IN_A_RELEASE in why(settings)
    with monkeypatch.context() as broken:
        broken.setattr(sparing, "_in_kept_releases", _nothing)
        assert first.file_id in {o.standing.receipt.file_id for o in due_files(settings).due}
    kept_file(settings, release(1).release_id).unlink()
    assert len(going(settings)) == 3


def test_a_release_that_cannot_be_asked_keeps_everything(landing: Landing) -> None:
    """An older release without an account, or one that is damaged, lets nothing go."""
    rules(landing.settings, ARCHIVE)
    write_release(landing.settings, release(1), {})
    assert going(landing.settings) == []
    assert why(landing.settings) == {IN_A_RELEASE}


def test_what_a_person_decided_on_stays(landing: Landing, monkeypatch: pytest.MonkeyPatch) -> None:
    """A word may be taken back."""
    rules(landing.settings, ARCHIVE)
    _worked_on(landing)
    assert going(landing.settings) == []
    monkeypatch.setattr(due_module, "_worked_on", _nothing)
    assert going(landing.settings) != []


def test_a_refused_file_without_a_successor_stays(tmp_path: Path) -> None:
    """What it says is nowhere else, and tomorrow's code may read it."""
    landing = Landing(tmp_path)
    landing.put(f"{GIFTS}/gifts_20240801.csv", gifts(1))
    landing.put(f"{GIFTS}/gifts_20240802.csv", b"no,headings\n1,2\n")
    landing.load()
    aged(landing.settings, 4000)
    rules(landing.settings, "archive = { keep = 1 }", "lake = { keep = 1 }")
    rules(landing.settings, "archive = { days = 1 }")
    assert going(landing.settings) == []


def test_the_same_bytes_elsewhere_stay(landing: Landing, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that stands, or has still to be read, may have the bytes of one that is old."""
    settings = landing.settings
    rules(settings, ARCHIVE)
    landing.put(f"{GIFTS}/again/gifts_20240809.csv", gifts(1, 2, 3))
    from pipelines.stages.receive.pull import pull

    pull(settings)  # received, and not read yet
    assert SAME_BYTES in why(settings)
    first = Catalog(settings).receipts()[0]
    apply(settings)
    assert archived(settings, first).exists()
    landing.load()
    assert landing.accounts()[-1].status == "loaded"
    assert SAME_BYTES in why(settings)


def test_what_a_standing_file_refers_to_stays(tmp_path: Path) -> None:
    """A re-issue's rows do not count because of the file that it repeats."""
    landing = Landing(tmp_path)
    notices = "donation_notices"
    rows = [row(notices, 捐赠人=f"测试{n}", 捐赠日期="2024-08-01") for n in range(25)]
    landing.put(f"{notices}/a/first.csv", table(rows))
    landing.load()
    landing.put(f"{notices}/b/again.csv", table([rows[-1], *rows[:-1]]))
    landing.load()
    assert [a.status for a in landing.accounts()] == ["loaded", "reissue"]
    landing.put(f"{notices}/a/first.csv", table([*rows, row(notices, 捐赠人="测试99")]))
    landing.load()
    aged(landing.settings, 400)
    rules(landing.settings, ARCHIVE)
    assert [a.status for a in landing.accounts()][:2] == ["superseded", "reissue"]
    assert going(landing.settings) == []
    assert why(landing.settings) == {REFERRED_TO}


def test_what_others_rest_on_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the file that it replaced, the newer one would be a re-issue of a third."""
    landing = Landing(tmp_path)
    landing.put(f"{GIFTS}/other_20240801.csv", gifts(5, 6))
    landing.load()
    landing.put(DAY, gifts(1, 2))
    landing.load()
    landing.put(DAY, table([row(GIFTS, 订单号=f"{10**19 + n}") for n in (6, 5)]))
    landing.load()
    later = f"{GIFTS}/gifts_20240805.csv"
    for numbers in ((7, 8), (7, 8, 9)):
        landing.put(later, gifts(*numbers))
        landing.load()
    stand = [a.status for a in landing.accounts()]
    assert stand == ["loaded", "superseded", "loaded", "superseded", "loaded"]
    aged(landing.settings, 400)
    rules(landing.settings, ARCHIVE)
    before = state(landing.settings)
    assert going(landing.settings) == [later]  # another day's rests on nothing
    assert why(landing.settings) == {OTHERS_CHANGE}
    monkeypatch.setattr(sparing, "_try_without", lambda *_: None)
    apply(landing.settings)
    assert state(landing.settings) != before, "the clause is what kept it"


def test_a_chain_that_ends_in_nothing_stays(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where what replaced a file no longer stands, it may be the last good copy."""
    settings = landing.settings
    rules(settings, ARCHIVE)
    standings = resolve(settings)
    last = {s.receipt.received_no for s in standings if s.receipt.landing_path == DAY}
    broken = [
        replace(s, status="refused", outcome=Outcome(refusal="file.lost: x"))
        if s.receipt.received_no == max(last)
        else s
        for s in standings
    ]
    due = due_files(settings, broken).due
    assert DAY not in [one.standing.receipt.landing_path for one in due]
    monkeypatch.setattr(sparing, "_leads_to_one_that_stands", lambda *_: True)
    monkeypatch.setattr(sparing, "_try_without", lambda *_: None)
    due = due_files(settings, broken).due
    assert DAY in [one.standing.receipt.landing_path for one in due]
