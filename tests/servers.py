"""Servers of databases that tests start on the loopback, and end."""

from __future__ import annotations

import os
import pwd
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from tests.fetch.conftest import free_port

PASSWORD = "pg+very secret/1"  # noqa: S105 - of a server of the test


def unprivileged() -> dict[str, Any]:
    """Servers of databases do not run as root: `user` for Popen."""
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def own_folder(path: Path) -> Path:
    """A folder that the server may write, reachable from the root."""
    path.mkdir(parents=True)
    if os.getuid() == 0:
        os.chown(path, pwd.getpwnam("nobody").pw_uid, pwd.getpwnam("nobody").pw_gid)
        for above in path.parents:
            if above.stat().st_uid == 0 and str(above).startswith("/tmp/"):  # noqa: S108
                above.chmod(above.stat().st_mode | 0o011)
    return path


def start_postgres(home: Path) -> tuple[int, subprocess.Popen[bytes]]:
    """PostgreSQL in a folder of `own_folder`, with the database and user juandi: port and process.

    Skips the test where there is none to start.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found:
        pytest.skip("needs PostgreSQL's server: apt-get install postgresql")
    data, secret = home / "data", home / "password"
    secret.write_text(PASSWORD)
    secret.chmod(0o644)
    subprocess.run(
        [found[-1] / "initdb", "-D", data, "-U", "juandi", f"--pwfile={secret}", "-A",
         "scram-sha-256", "--no-sync", "--no-instructions", "-E", "UTF8", "--no-locale"],
        check=True, stdout=subprocess.DEVNULL, cwd=home, timeout=60, **unprivileged(),
    )  # fmt: skip # a command
    port = free_port()
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
        [found[-1] / "postgres", "-D", data, "-p", str(port), "-k", home, "-F",
         "-c", "listen_addresses=127.0.0.1"],
        cwd=home, stderr=log, **unprivileged(),
        )  # fmt: skip # a command
    url = sqlalchemy.URL.create(
        "postgresql+psycopg", "juandi", PASSWORD, "127.0.0.1", port, "postgres"
    )
    make_database(url, process, home)
    return port, process


def make_database(
    url: sqlalchemy.URL, process: subprocess.Popen[bytes], home: Path, more: str = ""
) -> None:
    """Waits for the server and makes the database."""
    engine = sqlalchemy.create_engine(
        url, poolclass=sqlalchemy.NullPool, isolation_level="AUTOCOMMIT"
    )
    for _ in range(200):
        try:
            with engine.connect() as db:
                db.execute(sqlalchemy.text(f"create database juandi {more}"))
                return
        except sqlalchemy.exc.OperationalError:
            time.sleep(0.1)
    process.kill()
    process.wait(30)
    pytest.fail(f"the server does not answer: {(home / 'log').read_text(errors='replace')[-2000:]}")
