"""A night that pulls first: what came is in the release, what did not come is told in it."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from tests.cli.conftest import Juandi
from tests.conftest import Made

pytestmark = pytest.mark.flow


@pytest.fixture
def juandi(tmp_path: Path) -> Juandi:
    """The command in a process of its own."""
    from tests.cli import conftest

    wrapped: Juandi = conftest.juandi.__wrapped__(tmp_path)  # type: ignore[attr-defined]
    return wrapped


def test_a_night_pulls_first(tmp_path: Path, juandi: Juandi, sample: object) -> None:
    """Files of a folder reach the release; a place that fails is in its ops, in `status` and in
    the result; a night without pulling is possible."""
    home, share = tmp_path / "warehouse", tmp_path / "share"
    home.mkdir()
    share.mkdir()
    made: Made = sample("none")  # type: ignore[operator]
    for path in (made[0] / "organizations").rglob("*"):
        if path.is_file():
            (share / path.name).write_bytes(path.read_bytes())
    config = home / "juandi.toml"
    good = f'[pull.share]\nsource = "organizations"\nkind = "folder"\nfolder = "{share}"\n'
    bad = (
        '[pull.api]\nsource = "trainings"\nkind = "http"\nurl = "http://127.0.0.1:9/x.csv"\n'
        'params = { token = { env = "API_TOKEN" } }\nattempts = 2\nfirst_wait = 0\ntimeout = 2\n'
    )
    config.write_text(good + bad)
    env = {"API_TOKEN": "hunter2-secret", "JUANDI_WAREHOUSE": str(home)}

    def night(*flags: str) -> dict[str, object]:
        done = juandi("refresh", "--json", *flags, **env)
        assert "hunter2" not in done.stdout + done.stderr
        assert done.returncode == 0, done.stderr + done.stdout
        found: dict[str, object] = json.loads(done.stdout)
        return found

    first = night()
    assert first["status"] == "published"
    pulls = {p["pull"]: p for p in first["pulls"]}  # type: ignore[attr-defined]
    assert pulls["share"]["new"] >= 1
    assert [f["rule_id"] for f in first["pull_faults"]] == ["pull.unreachable"]  # type: ignore[attr-defined]
    with duckdb.connect(str(home / "juandi.duckdb"), read_only=True) as db:
        told = db.execute("select pull, source, place, rule_id from ops.pull_faults").fetchall()
        assert told == [("api", "trainings", "http://127.0.0.1:9/x.csv", "pull.unreachable")]
        audit = db.execute("select source, status from ops.load_audit").fetchall()
        assert ("organizations", "loaded") in audit
    assert night()["status"] == "unchanged"
    status = juandi("status", **env)
    assert "pull.unreachable" in status.stderr
    assert "hunter2" not in status.stdout + status.stderr
    checked = juandi("sources", "check", "--json", **env)
    assert checked.returncode == 1
    assert [(s["pull"], s["is_reachable"]) for s in json.loads(checked.stdout)] == [
        ("share", True),
        ("api", False),
    ]
    config.write_text(good)
    assert juandi("sources", "check", **env).returncode == 0
    (share / "late20240805.csv").write_bytes(b"x")
    left = night("--no-pull")
    assert (left["status"], left["pulls"]) == ("unchanged", [])
