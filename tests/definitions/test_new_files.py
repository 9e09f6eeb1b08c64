"""The sensor asks for a night when files wait, once for the same files, and reads none of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import dagster as dg
import pytest

from pipelines.definitions.jobs import JOB
from pipelines.definitions.new_files import new_files
from pipelines.settings import Settings, load_settings
from pipelines.stages.receive.pull import pull

AT = 1_722_000_000  # seconds; when the files of these tests were written


class Look(NamedTuple):
    """What a tick came to: the run that it asks for, why not, and its cursor then."""

    asked: dg.RunRequest | None
    why: str
    cursor: str


class Watched:
    """A warehouse, its landing folder, and the sensor with its cursor from tick to tick."""

    def __init__(self, settings: Settings, instance: dg.DagsterInstance) -> None:
        self.settings, self.instance, self.cursor = settings, instance, ""

    def land(self, name: str, text: str = "a", at: int = AT) -> Path:
        """A file in landing, written at `at`."""
        path: Path = self.settings.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        os.utime(path, (at, at))
        return path

    def look(self) -> Look:
        """A tick of the sensor."""
        context = dg.build_sensor_context(instance=self.instance, cursor=self.cursor)
        said = new_files(context)
        if isinstance(said, dg.SkipReason):
            return Look(None, said.skip_message or "", self.cursor)
        assert isinstance(said, dg.SensorResult)
        assert said.cursor is not None
        self.cursor = said.cursor
        asked = next(iter(said.run_requests or ()), None)
        why = said.skip_reason.skip_message if said.skip_reason else None
        return Look(asked, why or "", self.cursor)

    def ask(self) -> dg.RunRequest:
        """Two ticks at which the same files wait: the second asks."""
        first = self.look()
        assert first.asked is None
        assert "if they are the same" in first.why
        second = self.look()
        assert second.asked is not None, second.why
        return second.asked


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """Nothing has been received yet; the landing folder is empty."""
    monkeypatch.setenv("JUANDI_WAREHOUSE", str(tmp_path / "w"))
    monkeypatch.delenv("JUANDI_LANDING", raising=False)
    settings = load_settings()
    settings.landing.mkdir(parents=True)
    with dg.DagsterInstance.ephemeral() as instance:
        yield Watched(settings, instance)


def test_nothing_waits(watched: Watched) -> None:
    """And nothing is made by looking: no catalogue, no folder."""
    assert watched.look().why == "nothing waits to be received"
    assert {path.name for path in watched.settings.warehouse.iterdir()} == {"landing"}


def test_a_new_file_is_asked_for_once(watched: Watched) -> None:
    """When it has been the same twice; until it is received, and never again as it is."""
    watched.land("tencent_donations/gifts_20240802.csv")
    asked = watched.ask()
    assert asked.run_config == {"resources": {"night": {"config": {"pull": False}}}}
    assert asked.tags == {
        "juandi/trigger": "new files",
        "juandi/asked": "1 new",
        "juandi/files": "tencent_donations/gifts_20240802.csv",
    }
    for _ in range(2):
        assert "asked for before" in watched.look().why
    pull(watched.settings)
    assert watched.look().why == "nothing waits to be received"


def test_a_file_that_is_being_written(watched: Watched) -> None:
    """Is not asked for before it stays as it is; another set of files is another run."""
    for second in range(3):
        watched.land("campaigns/list.csv", "a" * second, AT + second)
        assert watched.look().asked is None
    first = watched.look().asked
    assert first is not None
    watched.land("campaigns/more.csv")
    assert watched.ask().run_key != first.run_key


def test_changed_and_late_files(watched: Watched) -> None:
    """Named as what they are, with the days; a person's number in a name is masked."""
    watched.land("tencent_donations/gifts_20240802.csv")
    watched.land("tencent_donations/gifts_20240805.csv")
    pull(watched.settings)
    watched.land("tencent_donations/gifts_20240805.csv", "b", AT + 60)
    watched.land("tencent_donations/13800138000_20240731.csv")
    tags = watched.ask().tags
    assert tags["juandi/asked"] == "1 new, 1 changed, 1 late"
    assert tags["juandi/late"] == "tencent_donations 2024-07-31"
    assert "13800138000" not in tags["juandi/files"]
    assert tags["juandi/files"].count(";") == 1


def test_size_and_time_decide(watched: Watched) -> None:
    """As receiving does; other bytes of the same size and time are not seen, by neither."""
    watched.land("campaigns/list.csv", "a")
    pull(watched.settings)
    watched.land("campaigns/list.csv", "b")
    assert watched.look().why == "nothing waits to be received"
    assert pull(watched.settings).new == []


def test_the_cursor_does_not_grow(watched: Watched) -> None:
    """However many files were received or wait."""
    watched.land("campaigns/a.csv")
    few = len(watched.look().cursor)
    for number in range(200):
        watched.land(f"campaigns/b{number}.csv")
    tags = watched.ask().tags
    assert len(watched.cursor) == few + 1  # "asked" is longer than "seen"
    assert tags["juandi/asked"] == "201 new"
    assert tags["juandi/files"].endswith("; +196")


def test_while_a_night_is_under_way(watched: Watched) -> None:
    """It may take them: nobody is asked, until it has ended and they still wait."""
    watched.land("campaigns/a.csv")
    watched.look()

    @dg.op
    def nothing() -> None:
        pass

    @dg.job(name=JOB)
    def night() -> None:
        nothing()

    run = watched.instance.create_run_for_job(night, status=dg.DagsterRunStatus.STARTED)
    assert "a night is under way" in watched.look().why
    watched.instance.delete_run(run.run_id)
    assert watched.look().asked is not None


def test_folders_of_this_machine_that_are_pulled(watched: Watched, tmp_path: Path) -> None:
    """Are looked at too, and then the night is to pull; a place that is gone hinders nothing."""
    share = tmp_path / "share"
    share.mkdir()
    watched.settings.config.write_text(
        f'[pull.share]\nsource = "campaigns"\nkind = "folder"\nfolder = "{share}"\n'
        f'[pull.gone]\nsource = "campaigns"\nkind = "folder"\nfolder = "{share}/gone"\n'
        '[pull.far]\nsource = "campaigns"\nkind = "http"\nurl = "http://127.0.0.1:9/a.csv"\n'
    )
    assert watched.look().why == "nothing waits to be received"
    (share / "list_20240802.csv").write_text("a")
    asked = watched.ask()
    assert asked.tags["juandi/files"] == "campaigns/share/list_20240802.csv"
    assert asked.run_config == {"resources": {"night": {"config": {"pull": True}}}}
