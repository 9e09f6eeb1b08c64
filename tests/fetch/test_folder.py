"""A folder; what is declared wrongly; one pull's failure beside another's files."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import pytest

from pipelines.settings import Settings, SettingsError
from pipelines.stages.fetch.declared import declared_pulls
from pipelines.stages.fetch.placing import unsafe
from pipelines.stages.fetch.secrets import hidden
from pipelines.stages.receive.pull import pull
from pipelines.stages.tell.sending import declared_alerts
from tests.fetch.conftest import NOW, Declare, landed, pulled, rules


def toml(folder: Path, name: str = "share", more: str = "") -> str:
    """A pull of a folder."""
    return (
        f'[pull.{name}]\nsource = "trainings"\nkind = "folder"\nfolder = "{folder}"\n'
        f"first_wait = 0\n{more}"
    )


@pytest.fixture
def share(tmp_path: Path) -> Path:
    """A folder with a file."""
    folder = tmp_path / "share"
    folder.mkdir()
    (folder / "a20240802.csv").write_bytes(b"a,b\n1,2\n")
    return folder


def test_received_files_may_leave_landing(share: Path, declare: Declare) -> None:
    """What was received is not fetched again when landing is cleared; what was not, is."""
    settings = declare(toml(share))
    assert pulled(settings).new == 1
    path = settings.landing / "trainings/share/a20240802.csv"
    path.unlink()
    assert pulled(settings).new == 1
    assert len(pull(settings).new) == 1
    path.unlink()
    assert pulled(settings).new == 0
    assert landed(settings) == {}


def test_one_failure_holds_up_no_other(share: Path, declare: Declare) -> None:
    """It is remembered with the night on which it began, until it is well again."""
    gone = share.parent / "gone"
    settings = declare(toml(gone, "gone") + toml(share))
    first = pulled(settings)
    assert (first.new, rules(first)) == (1, [("", "pull.not_found")])
    second = pulled(settings, NOW + timedelta(days=1))
    assert second.faults[0].failing_since == first.faults[0].failing_since
    assert second.faults[0].last_well_at is None
    gone.mkdir()
    assert pulled(settings, NOW + timedelta(days=2)).faults == []
    gone.rmdir()
    third = pulled(settings, NOW + timedelta(days=3))
    assert third.faults[0].last_well_at == (NOW + timedelta(days=2)).replace(tzinfo=None)
    assert pulled(declare(toml(share))).faults == []


def test_a_bug_holds_up_no_other(
    share: Path, declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error that nobody foresaw is told by its kind."""
    from pipelines.stages.fetch import fetch
    from pipelines.stages.fetch.declared import Pull
    from pipelines.stages.fetch.offers import Remote

    connected = fetch.connected

    def broken(pull: Pull, now: object) -> Remote:
        if pull.name == "bad":
            raise ZeroDivisionError("secret")
        return connected(pull, NOW)

    monkeypatch.setattr(fetch, "connected", broken)
    report = pulled(declare(toml(share, "bad") + toml(share)))
    assert rules(report) == [("", "pull.unexpected")]
    assert report.faults[0].detail == "ZeroDivisionError"
    assert report.new == 1


def test_a_missing_library_is_told(
    share: Path, declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small installation has none of what SFTP needs."""
    monkeypatch.setitem(sys.modules, "sshfs", None)
    known = share / "known_hosts"
    known.touch()
    text = (
        '[pull.far]\nsource = "trainings"\nkind = "sftp"\nhost = "h"\nuser = "u"\n'
        f'known_hosts = "{known}"\n'
    )
    report = pulled(declare(text + toml(share)))
    assert rules(report) == [("", "pull.library")]
    assert "uv sync --extra pull" in report.faults[0].sentence


def test_links_of_this_machine(share: Path, declare: Declare) -> None:
    """Refused as a server's are; so is a link in landing that leads out of it."""
    (share / "link.csv").symlink_to("/etc/hostname")
    (share / "round").symlink_to(share)
    settings = declare(toml(share))
    assert rules(pulled(settings)) == [("link.csv", "pull.link"), ("round", "pull.link")]
    out = share.parent / "out"
    out.mkdir()
    (settings.landing / "trainings" / "evil").symlink_to(out)
    (share / "link.csv").unlink()
    (share / "round").unlink()
    assert rules(pulled(declare(toml(share, "evil")))) == [("a20240802.csv", "pull.in_the_way")]
    assert list(out.iterdir()) == []


def test_limits(share: Path, declare: Declare, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a file's size, of their number, of the disk."""
    assert rules(pulled(declare(toml(share, more="max_bytes = 4\n")))) == [
        ("a20240802.csv", "pull.too_large")
    ]
    (share / "b.csv").touch()
    assert rules(pulled(declare(toml(share, more="max_files = 1\n")))) == [("", "pull.too_many")]
    monkeypatch.setattr("shutil.disk_usage", lambda _: _Full())
    assert rules(pulled(declare(toml(share)))) == [("", "pull.no_room")]


class _Full:
    free = 1000


def test_patterns_and_days(share: Path, declare: Declare) -> None:
    """`*` stays within a folder, `**` does not; `since` goes by the name."""
    (share / "deep" / "er").mkdir(parents=True)
    for name in ("deep/er/c20240803.csv", "deep/d20240101.csv", "e.csv"):
        (share / name).write_bytes(b"a\n")

    def offered(more: str) -> int:
        return pulled(declare(toml(share, more=more))).pulls[0].offered

    assert offered('files = ["*.csv"]\n') == 2
    assert offered('files = ["deep/**"]\n') == 2
    assert offered('files = ["**/?2024*.csv"]\n') == 3
    assert offered("since = 2024-08-01\n") == 3


@pytest.mark.parametrize(
    "name",
    ["", "/etc/x.csv", "../x.csv", "a/../../x.csv", "a/./x.csv", "a//x.csv", "a\\x.csv",
     "a\nx.csv", "a\x00.csv", "a\x85.csv", "\udcff.csv", "涓" * 100 + ".csv"],
)  # fmt: skip # a list
def test_unsafe_names(name: str) -> None:
    """None of them may be a path of ours."""
    assert unsafe(name)


@pytest.mark.parametrize("name", ["a.csv", "捐赠 2024-08-02 (1).csv", "a..b/c.csv", "..a.csv"])
def test_safe_names(name: str) -> None:
    """Odd, and harmless."""
    assert unsafe(name) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[pull.x]\nkind = 'folder'\nsource = 'nobody'\nfolder = '/'\n", "no source"),
        ("[pull.x]\nkind = 'ftp'\n", "ftp"),
        ("[pull.X]\nkind = 'folder'\n", "small letters"),
        ("[pull.x]\nkind='folder'\nsource='trainings'\nfolder='/'\nfolders='/'\n", "folders"),
        ("[pull.x]\nkind='sftp'\nsource='trainings'\nhost='h'\nuser='u'\npassword='hunter2'\n",
         "never itself"),
        ("[pull.x]\nkind='http'\nsource='trainings'\nurl='https://u:hunter2@h/a.csv'\n",
         "no user and password"),
        ("[pull.x]\nkind='http'\nsource='trainings'\nurl='https://h/a.csv?token=hunter2'\n",
         "put token into params"),
        ("[pull.x]\nkind='http'\nsource='trainings'\nurl='https://h/a.csv'\n"
         "headers={Authorization='hunter2'}\n", "looks like a secret"),
        ("[pull.x]\nkind='http'\nsource='trainings'\nurl='https://h/{day}.csv'\n", "first_day"),
        ("[pull.x]\nkind='http'\nsource='trainings'\nurl='https://h/{daz}.csv'\n", "braces"),
        ("[pull.x]\nkind='http'\nsource='trainings'\nurl='https://h/'\n", "ending"),
        ("[pull.x]\npassword = 'hunter2\n", "no TOML at"),
        ("[pul]\nx = 'hunter2'\n", "[pul] is not known"),
    ],
)  # fmt: skip # a table
def test_wrong_settings(declare: Declare, text: str, said: str) -> None:
    """Said with their place, never with what stands there."""
    with pytest.raises(SettingsError) as caught:
        declared_pulls(declare(text))
    assert said in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_no_pull_at_all(tmp_path: Path) -> None:
    """Without `juandi.toml` nothing is done, and nothing is written."""
    settings = Settings(warehouse=tmp_path / "w", landing=tmp_path / "w" / "landing")
    assert pulled(settings).pulls == []
    assert not settings.warehouse.exists()


def test_messages_hide_secrets() -> None:
    """In every spelling, with what stands around them."""
    said = "a b&c/d Basic YSBiJmMvZA== a%20b%26c%2Fd https://u:p@h/x?k=v 13800138000 \n end"
    shown = hidden(said, ["a b&c/d"])
    assert shown == "*** Basic *** *** https://***@h/x?*** *** end"


def test_the_example_is_right(declare: Declare) -> None:
    """What the docs show can be declared."""
    example = Path(__file__).parents[2] / "docs" / "juandi.example.toml"
    kinds = {p.kind for p in declared_pulls(declare(example.read_text(encoding="utf-8")))}
    assert declared_alerts(declare(example.read_text(encoding="utf-8"))) is not None
    assert kinds == {"folder", "sftp", "s3", "http", "sql"}
