"""A night that Dagster started tells people how it ended; a part of one tells nobody."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import pytest

from pipelines.definitions.keys import WHOLE
from pipelines.definitions.night import Night, night_resource
from pipelines.settings import Settings
from pipelines.stages.tell import sending
from pipelines.stages.tell.news import NightTold
from pipelines.stages.tell.sending import Sent


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[NightTold]:
    """What was to be told; the only receiver is down."""
    told: list[NightTold] = []

    def tell(_: Settings, night: NightTold) -> list[Sent]:
        told.append(night)
        return [Sent("1", trouble="down")]

    monkeypatch.setattr(sending, "tell", tell)
    return told


def ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tags: dict[str, str], **found: Any
) -> None:
    """A run of these tags, whose steps leave this in its night."""
    monkeypatch.setenv("JUANDI_WAREHOUSE", str(tmp_path))
    (tmp_path / "juandi.toml").write_text('[alerts]\nto = [{ env = "HOOK" }]\n')
    context: Any = SimpleNamespace(
        resource_config={"as_of": None, "pull": False},
        dagster_run=SimpleNamespace(tags=tags, run_id="r1"),
        log=dg.get_dagster_logger(),
    )
    run: Any = night_resource.resource_fn
    begun = run(context)
    night: Night = next(begun)
    assert not night.is_to_fetch
    for name, value in found.items():
        setattr(night, name, value)
    with pytest.raises(StopIteration):
        next(begun)


@pytest.mark.parametrize(
    ("found", "status"),
    [
        ({"is_unchanged": True}, "unchanged"),
        ({"release": SimpleNamespace(release_id="r", as_of=None)}, "published"),
        ({"gates": SimpleNamespace(blocked=True, results=())}, "blocked"),
        ({}, "failed"),
    ],
    ids=["unchanged", "published", "blocked", "failed"],
)
def test_a_whole_night(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    heard: list[NightTold],
    found: dict[str, Any],
    status: str,
) -> None:
    """By how it ended; that a receiver is down fails nothing."""
    ended(tmp_path, monkeypatch, {WHOLE: "whole"}, has_begun=True, **found)
    (told,) = heard
    assert told.status == status
    assert bool(told.errors) == (status == "failed")


def test_a_part_of_a_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, heard: list[NightTold]
) -> None:
    """Who materialised a model looks at the page."""
    ended(tmp_path, monkeypatch, {}, has_begun=True)
    ended(tmp_path, monkeypatch, {WHOLE: "whole"})  # a night without a step
    assert heard == []
