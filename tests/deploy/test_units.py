"""The systemd units as systemd itself reads them, and the small programs beside them."""

from __future__ import annotations

import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest

from pipelines.settings import PROJECT_ROOT
from tests.fetch.conftest import free_port

DEPLOY = PROJECT_ROOT / "deploy"
UNITS = sorted(p.name for p in (DEPLOY / "systemd").iterdir() if p.is_file())
SERVICES = ("juandi-daemon", "juandi-webserver", "juandi-pages")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A machine's root as an installation leaves it, with empty programs."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("needs systemd-analyze: apt-get install systemd")
    found: Path = tmp_path_factory.mktemp("root")
    shutil.copytree(DEPLOY / "systemd", found / "etc/systemd/system")
    programs = found / "opt/juandi/bin"
    programs.mkdir(parents=True)
    names = ("juandi", "dagster-daemon", "dagster-webserver", "juandi-health", "juandi-backup")
    for name in names:
        (programs / name).write_text("#!/bin/sh\n")
        (programs / name).chmod(0o755)
    # what the units order themselves by is part of every system
    for unit in Path("/usr/lib/systemd/system").glob("*.target"):
        (found / "usr/lib/systemd/system").mkdir(parents=True, exist_ok=True)
        shutil.copyfile(unit, found / "usr/lib/systemd/system" / unit.name)
    (found / "etc/passwd").write_text("root:x:0:0::/:/bin/sh\njuandi:x:10001:10001::/:/bin/sh\n")
    (found / "etc/group").write_text("root:x:0:\njuandi:x:10001:\n")
    return found


def _analyze(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *arguments, "--man=no", f"--root={root}"],
        capture_output=True, text=True, timeout=60, check=False,
        env=os.environ | {"SYSTEMD_COLORS": "0"},
    )  # fmt: skip # one call


@pytest.mark.parametrize("unit", UNITS)
def test_systemd_reads_it(root: Path, unit: str) -> None:
    """Without a word: every setting is known, every program is there."""
    name = unit.replace("@.", "@pages.")
    done = _analyze(root, "verify", name)
    assert done.returncode == 0, done.stdout + done.stderr
    told = [line for line in done.stderr.splitlines() if "juandi" in line]
    assert told == []


def test_a_mistake_is_noticed(root: Path) -> None:
    """The check itself: a setting that there is not, a program that is not there."""
    bad = root / "etc/systemd/system/juandi-bad.service"
    bad.write_text("[Service]\nExecStart=/opt/juandi/bin/nothing\nProtectSytem=strict\n")
    try:
        done = _analyze(root, "verify", bad.name)
        assert done.returncode != 0
        assert "ProtectSytem" in done.stderr
        assert "nothing" in done.stderr
    finally:
        bad.unlink()


@pytest.mark.parametrize("service", SERVICES)
def test_it_has_few_rights(service: str) -> None:
    """The drop-in that all share is meant: no root, one folder, and started again."""
    shared, own = (ConfigParser(strict=False, interpolation=None) for _ in range(2))
    shared.read(DEPLOY / "systemd/juandi-.service.d/10-hardened.conf")
    own.read(DEPLOY / f"systemd/{service}.service")
    assert shared["Service"]["User"] == "juandi"
    assert shared["Service"]["ProtectSystem"] == "strict"
    assert shared["Service"]["NoNewPrivileges"] == "yes"
    assert not own.has_option("Service", "User")
    assert own["Service"]["Restart"] == "always"
    assert "+" not in own["Service"]["ExecStart"].split()[0]


def test_how_exposed_each_is(root: Path) -> None:
    """`systemd-analyze security` gives each at most 3.5 of 10."""
    for service in SERVICES:
        done = _analyze(root, "security", "--offline=yes", "--threshold=35", f"{service}.service")
        assert done.returncode == 0, done.stdout[-400:] + done.stderr


class _Well(http.server.BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        """One answer."""
        self.send_response(self.status if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def answering() -> Iterator[int]:
    """A server of the pages' port."""
    with http.server.HTTPServer(("127.0.0.1", 0), _Well) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def _health(tmp_path: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    program = tmp_path / "juandi-health"
    shutil.copy(DEPLOY / "juandi-health", program)
    (tmp_path / "python").symlink_to(sys.executable)
    return subprocess.run(
        [program, *arguments], env={"PATH": "/usr/bin:/bin", **settings}, capture_output=True,
        text=True, timeout=60, check=False,
    )  # fmt: skip # one call


def test_health_of_what_answers(tmp_path: Path, answering: int) -> None:
    """0, whatever proxy is set."""
    done = _health(tmp_path, "pages", JUANDI_PORT=str(answering), http_proxy="http://127.0.0.1:9")
    assert done.returncode == 0, done.stderr


def test_health_of_what_is_not_well(
    tmp_path: Path, answering: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """1 and why, where it answers with an error."""
    monkeypatch.setattr(_Well, "status", 503)
    done = _health(tmp_path, JUANDI_PORT=str(answering))
    assert done.returncode == 1
    assert "503" in done.stderr


def test_health_of_nothing(tmp_path: Path) -> None:
    """1 where nobody listens, 2 for what it does not know."""
    done = _health(tmp_path, "webserver", DAGSTER_WEBSERVER_PORT=str(free_port()))
    assert done.returncode == 1
    assert "refused" in done.stderr
    (tmp_path / "python").unlink()
    assert _health(tmp_path, "postgres").returncode == 2
