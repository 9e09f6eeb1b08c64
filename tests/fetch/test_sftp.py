"""SFTP: pulled from a real OpenSSH server that the test starts; skipped where there is none."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.settings import Settings
from pipelines.stages.fetch.check import check_pulls
from tests.fetch.conftest import Declare, free_port, landed, pulled, rules

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
pytestmark = pytest.mark.skipif(
    SSHD is None, reason="needs OpenSSH's server: apt-get install openssh-server"
)


@dataclass
class Sshd:
    """A server on the loopback: its port, the folder that it shows, the keys it knows."""

    port: int
    folder: Path
    key: Path
    known_hosts: Path
    process: subprocess.Popen[bytes]

    def toml(self, more: str = "") -> str:
        """A pull of its folder."""
        return (
            '[pull.drop]\nsource = "trainings"\nkind = "sftp"\nhost = "127.0.0.1"\n'
            f'port = {self.port}\nuser = "{_user()}"\nkey = "{self.key}"\n'
            f'known_hosts = "{self.known_hosts}"\nfolder = "{self.folder}"\n'
            f"first_wait = 0\ntimeout = 10\n{more}"
        )


def _user() -> str:
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name


def _keygen(path: Path) -> str:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
    return path.with_suffix(".pub").read_text().rsplit(" ", 1)[0]


@pytest.fixture
def sshd(tmp_path: Path) -> Iterator[Sshd]:
    """OpenSSH's sshd with its own host key; ended by its id."""
    home = tmp_path / "sshd"
    home.mkdir(mode=0o700)
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # where it separates privileges
    host, own = _keygen(home / "host"), _keygen(home / "id")
    (home / "authorized_keys").write_text(own + "\n")
    port = free_port()
    (home / "known_hosts").write_text(f"[127.0.0.1]:{port} {host}\n")
    folder = tmp_path / "outgoing"
    folder.mkdir()
    (home / "config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {home / 'host'}\nPidFile none\n"
        f"AuthorizedKeysFile {home / 'authorized_keys'}\nStrictModes no\nUsePAM no\n"
        "PermitRootLogin yes\nPasswordAuthentication no\nSubsystem sftp internal-sftp\n"
    )
    with (home / "log").open("wb") as log:
        process = subprocess.Popen([str(SSHD), "-D", "-e", "-f", str(home / "config")], stderr=log)
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    else:
        process.kill()
        pytest.fail(f"sshd does not answer: {(home / 'log').read_text()}")
    try:
        yield Sshd(port, folder, home / "id", home / "known_hosts", process)
    finally:
        process.terminate()
        process.wait(10)


def test_a_folder_of_files(sshd: Sshd, declare: Declare) -> None:
    """Those that fit, at any depth, once; with the time that the server told."""
    big = os.urandom(3_000_000)
    (sshd.folder / "2024").mkdir()
    (sshd.folder / "2024" / "培训 20240802.csv").write_bytes(b"a,b\n1,2\n")
    (sshd.folder / "big.xlsx").write_bytes(big)
    os.utime(sshd.folder / "big.xlsx", (1_722_500_000, 1_722_500_000))
    (sshd.folder / "notes.docx").write_bytes(b"no")
    (sshd.folder / ".hidden.csv").write_bytes(b"no")
    settings = declare(sshd.toml())
    report = pulled(settings)
    print(f"SFTP (OpenSSH): {report.pulls[0]}")
    assert (report.new, report.faults) == (2, [])
    files = landed(settings)
    assert files == {
        "trainings/drop/2024/培训 20240802.csv": b"a,b\n1,2\n",
        "trainings/drop/big.xlsx": big,
    }
    assert (settings.landing / "trainings/drop/big.xlsx").stat().st_mtime == 1_722_500_000
    again = pulled(settings)
    assert (again.new, again.pulls[0].unchanged) == (0, 2)
    (sshd.folder / "big.xlsx").write_bytes(big[:-1] + b"!")
    assert pulled(settings).new == 1


def test_links_are_refused(sshd: Sshd, declare: Declare, tmp_path: Path) -> None:
    """One to a file, one to a folder, one that goes round; the other files come."""
    secret = tmp_path / "elsewhere"
    secret.mkdir()
    (secret / "secret.csv").write_bytes(b"s")
    (sshd.folder / "ok.csv").write_bytes(b"a\n1\n")
    (sshd.folder / "link.csv").symlink_to(secret / "secret.csv")
    (sshd.folder / "folder").symlink_to(secret)
    (sshd.folder / "round").symlink_to(sshd.folder)
    settings = declare(sshd.toml())
    report = pulled(settings)
    assert rules(report) == [(n, "pull.link") for n in ("folder", "link.csv", "round")]
    assert landed(settings) == {"trainings/drop/ok.csv": b"a\n1\n"}


def test_a_server_that_is_not_the_one_we_know(sshd: Sshd, declare: Declare) -> None:
    """Another host key, an unknown user's key, a folder that is not there, no server at all."""
    (sshd.folder / "ok.csv").write_bytes(b"a\n1\n")
    wrong = sshd.known_hosts.with_name("other")
    wrong.write_text(f"[127.0.0.1]:{sshd.port} {_keygen(wrong.with_name('otherkey'))}\n")
    settings = declare(sshd.toml().replace(str(sshd.known_hosts), str(wrong)))
    assert rules(pulled(settings)) == [("", "pull.host_key")]
    settings = declare(sshd.toml().replace(str(sshd.key), str(wrong.with_name("otherkey"))))
    assert rules(pulled(settings)) == [("", "pull.not_authenticated")]
    settings = declare(sshd.toml().replace(str(sshd.folder), "/nowhere/at/all"))
    assert rules(pulled(settings)) == [("", "pull.not_found")]
    settings = declare(sshd.toml("attempts = 2\n").replace(f"port = {sshd.port}", "port = 9"))
    assert rules(pulled(settings)) == [("", "pull.unreachable")]
    assert landed(settings) == {}


def test_a_server_that_says_nothing_more(sshd: Sshd, declare: Declare) -> None:
    """Stopped in mid-session it is given up after `timeout`, and the night goes on."""
    (sshd.folder / "ok.csv").write_bytes(b"a\n1\n")
    settings: Settings = declare(sshd.toml("attempts = 1\n").replace("timeout = 10", "timeout = 1"))
    sshd.process.send_signal(signal.SIGSTOP)
    try:
        began = time.monotonic()
        assert rules(pulled(settings)) == [("", "pull.unreachable")]
        assert time.monotonic() - began < 8
    finally:
        sshd.process.send_signal(signal.SIGCONT)
    assert pulled(declare(sshd.toml())).new == 1


def test_the_check_says_what_it_sees(sshd: Sshd, declare: Declare) -> None:
    """Files that fit, those not fetched yet, the newest."""
    for day in (2, 3):
        path = sshd.folder / f"t2024080{day}.csv"
        path.write_bytes(b"a\n1\n")
        os.utime(path, (1_722_500_000 + day, 1_722_500_000 + day))
    settings = declare(sshd.toml('files = ["t*.csv"]\nsince = 2024-08-03\n'))
    (seen,) = check_pulls(settings)
    assert (seen.is_reachable, seen.is_authenticated, seen.files, seen.new) == (True, True, 1, 1)
    assert seen.newest_name == "t20240803.csv"
    pulled(settings)
    (seen,) = check_pulls(settings)
    assert (seen.files, seen.new, seen.rule_id) == (1, 0, None)
