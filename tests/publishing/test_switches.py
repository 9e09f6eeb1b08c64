"""Back and forward: which release readers see, which are newer, since when, by whom and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pages.data import Releases
from pipelines.cli.console import Trouble
from pipelines.cli.main import app
from pipelines.publishing.recovering import recover
from pipelines.publishing.releases import forget_old, kept_file, list_releases, published_release
from pipelines.publishing.retention import retention
from pipelines.publishing.switches import SwitchKind, shown_since, switches, switches_file
from pipelines.publishing.switching import named_release, older_shown, rollback
from pipelines.settings import Settings, SettingsError
from tests.publishing.builds import published_number
from tests.publishing.conftest import Publish


def test_back_and_forward(settings: Settings, publish_number: Publish) -> None:
    """Each switch is told with who and why; the newer releases are known until one is back."""
    first, second, third = (publish_number(n) for n in (1, 2, 3))
    assert older_shown(settings, third) is None
    rollback(settings, first.release_id, by="li", reason="gifts twice, 13800138000 rang")
    older = older_shown(settings, first)
    assert older is not None
    assert [r.release_id for r in older.newer] == [third.release_id, second.release_id]
    assert (older.since.kind, older.since.by) == (SwitchKind.BACK, "li")
    assert "13800138000" not in older.since.reason
    assert older.since.reason.startswith("gifts twice")
    rollback(settings, second.release_id, by="wang")
    assert shown_since(settings, second.release_id).kind is SwitchKind.FORWARD
    newest = named_release(settings, "newest")
    assert newest == third
    rollback(settings, newest.release_id)
    assert published_number(settings) == 3
    assert older_shown(settings, third) is None
    told = [(s.kind, s.before, s.release_id) for s in switches(settings)]
    ids = [r.release_id for r in (first, second, third)]
    assert told == [
        ("published", None, ids[0]),
        ("published", ids[0], ids[1]),
        ("published", ids[1], ids[2]),
        ("rolled_back", ids[2], ids[0]),
        ("rolled_forward", ids[0], ids[1]),
        ("rolled_forward", ids[1], ids[2]),
    ]


def test_the_log_outlives_releases_and_torn_lines(
    settings: Settings, publish_number: Publish
) -> None:
    """Retention deletes releases, never the log; a line cut by a crash hides no other."""
    for number in range(1, 6):
        publish_number(number)
    forget_old(settings)
    assert len(list_releases(settings)) == 3
    assert len(switches(settings)) == 5
    log = switches_file(settings)
    log.write_bytes(log.read_bytes()[:-7])
    publish_number(6)
    assert len(switches(settings)) == 5
    last = published_release(settings)
    assert last is not None
    assert switches(settings)[-1].release_id == last.release_id


def test_a_switch_that_could_not_be_noted_is_found(
    settings: Settings, publish_number: Publish
) -> None:
    """Killed between the switch and its line: the next start writes what it sees."""
    first, second = publish_number(1), publish_number(2)
    settings.published.write_bytes(kept_file(settings, first.release_id).read_bytes())
    since = shown_since(settings, first.release_id)
    assert (since.kind, since.by) == (SwitchKind.FOUND, "")
    recover(settings)
    assert switches(settings)[-1].kind is SwitchKind.FOUND
    assert switches(settings)[-1].before == second.release_id
    recover(settings)
    assert len(switches(settings)) == 3


def test_a_lost_file_comes_back_as_readers_saw_it(
    settings: Settings, publish_number: Publish
) -> None:
    """After a roll-back that is the older release: nobody chose the newest."""
    first, second = publish_number(1), publish_number(2)
    rollback(settings, first.release_id)
    settings.published.unlink()
    recover(settings)
    assert published_release(settings) == first
    switches_file(settings).unlink()
    settings.published.unlink()
    recover(settings)
    assert published_release(settings) == second


def test_the_newest_and_the_shown_stay(settings: Settings, publish_number: Publish) -> None:
    """Whatever the count: one can always go back to what is shown, and forward to the newest."""
    first = publish_number(1)
    rollback(settings, first.release_id)
    (settings.warehouse / "juandi.toml").write_text(
        "[retention]\nreleases = { keep = 1 }\n", encoding="utf-8"
    )
    second = publish_number(2)
    rollback_to = [r.release_id for r in list_releases(settings)]
    assert rollback_to == [second.release_id]
    third = publish_number(3)
    assert [r.release_id for r in list_releases(settings)] == [third.release_id]


def test_pages_say_so(settings: Settings, publish_number: Publish) -> None:
    """A reader of pages hears of it as soon as the file is another, and no longer than that."""
    first, second = publish_number(1), publish_number(2)
    releases = Releases(settings)
    try:
        with releases.reader() as reader:
            assert reader.older_shown is None
        rollback(settings, first.release_id, by="li")
        with releases.reader() as reader:
            assert reader.release == first
            assert reader.older_shown is not None
            assert reader.older_shown.newer == (second,)
        rollback(settings, second.release_id)
        with releases.reader() as reader:
            assert reader.older_shown is None
    finally:
        releases.close()


def _juandi(warehouse: Path, *arguments: str) -> Any:
    return CliRunner().invoke(app, [*arguments, "--warehouse", str(warehouse)])


def test_the_commands(settings: Settings, publish_number: Publish) -> None:
    """`rollback`, `forward`, `releases` and what they refuse."""
    first, second = publish_number(1), publish_number(2)
    back = _juandi(settings.warehouse, "rollback", "previous", "--reason", "wrong", "--by", "li")
    assert back.exit_code == 0, back.output
    assert "li" in back.stderr
    listed = _juandi(settings.warehouse, "releases")
    assert "newer" in listed.stdout
    assert second.release_id in listed.stderr
    told = json.loads(_juandi(settings.warehouse, "releases", "--json").stdout)
    assert [(r["is_published"], r["is_newer"]) for r in told] == [(False, True), (True, False)]
    assert isinstance(_juandi(settings.warehouse, "forward", "nonsense").exception, Trouble)
    assert _juandi(settings.warehouse, "forward").exit_code == 0
    assert published_number(settings) == 2
    refused = _juandi(settings.warehouse, "forward", first.release_id)
    assert isinstance(refused.exception, Trouble)
    assert "rollback" in str(refused.exception)
    assert published_number(settings) == 2
    log = json.loads(_juandi(settings.warehouse, "releases", "--switches", "--json").stdout)
    assert [(s["kind"], s["reason"]) for s in log][-2:] == [
        ("rolled_back", "wrong"),
        ("rolled_forward", ""),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[retention]\nreleases = 7\n",
        "[retention]\nreleases = { keep = 0 }\n",
        "[retention]\nreleases = { months = 1 }\n",
        "[retention]\nlakes = { days = 1 }\n",
        "[retention]\narchive = { days = true }\n",
        "[retention]\narchive = {}\n",
    ],
)
def test_rules_that_cannot_be_meant(settings: Settings, text: str) -> None:
    """They are refused in words that say where."""
    settings.warehouse.mkdir(parents=True)
    settings.config.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match="retention"):
        retention(settings)


def test_nothing_goes_by_a_rule_that_cannot_be_read(
    settings: Settings, publish_number: Publish
) -> None:
    """No publication fails by it, and no release is deleted; the command says what is wrong."""
    for number in range(1, 4):
        publish_number(number)
    settings.config.write_text("[retention]\nreleases = 3\n", encoding="utf-8")
    publish_number(4)
    assert published_number(settings) == 4
    assert len(list_releases(settings)) == 4
    refused = _juandi(settings.warehouse, "retention")
    assert isinstance(refused.exception, SettingsError)
