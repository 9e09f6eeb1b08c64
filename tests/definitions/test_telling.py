"""A night that Dagster started tells people how it ended; a part of one tells nobody."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import pytest

from pipelines.definitions.night import Night, night_resource
from pipelines.definitions.run_tags import TOLD, TRIGGER, WHOLE
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
) -> dict[str, str]:
    """A run of these tags, whose step fails and whose steps leave this in its night; its tags."""
    monkeypatch.setenv("JUANDI_WAREHOUSE", str(tmp_path))
    (tmp_path / "juandi.toml").write_text('[alerts]\nto = [{ env = "HOOK" }]\n')

    @dg.op(required_resource_keys={"night"})
    def models(context: dg.OpExecutionContext) -> None:
        night: Night = context.resources.night
        assert not night.is_to_fetch
        for name, value in found.items():
            setattr(night, name, value)
        raise dg.Failure("dbt did not build campaign_summary")

    @dg.job(resource_defs={"night": night_resource})
    def night() -> None:
        models()

    with dg.DagsterInstance.ephemeral() as instance:
        done = night.execute_in_process(
            instance=instance, raise_on_error=False, tags=tags,
            run_config={
                "resources": {"night": {"config": {"pull": False}}},
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
            },
        )  # fmt: skip
        run = instance.get_run_by_id(done.run_id)
    assert run is not None
    return dict(run.tags)


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
    """By how it ended, with the step that failed; that a receiver is down fails nothing."""
    tags = ended(tmp_path, monkeypatch, {WHOLE: "whole"}, has_begun=True, **found)
    (told,) = heard
    assert told.status == status
    assert tags[TOLD].startswith(f"{status} ")
    said = ["models: dbt did not build campaign_summary"]
    assert list(told.errors) == (said if status == "failed" else [])


def test_a_part_of_a_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, heard: list[NightTold]
) -> None:
    """Who materialised a model looks at the page."""
    tags = ended(tmp_path, monkeypatch, {}, has_begun=True)
    assert (tags[TRIGGER], TOLD in tags) == ("by hand", False)
    ended(tmp_path, monkeypatch, {WHOLE: "whole"})  # a night without a step
    assert heard == []
