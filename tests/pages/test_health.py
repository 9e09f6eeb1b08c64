"""What machines ask, and what is written of what people ask."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from pages.app import create_app
from pipelines.settings import Settings, load_settings


def test_without_a_login_and_without_data(some: Settings) -> None:
    """Of a warehouse with a release: one word, and nothing that a browser keeps."""
    with TestClient(create_app(some), base_url="http://127.0.0.1") as machine:
        for path in ("/healthz", "/readyz"):
            answer = machine.get(path)
            assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
            assert answer.headers["cache-control"] == "no-store"


def test_nothing_published(tmp_path: Path) -> None:
    """The process is well, and has nothing to show."""
    empty = load_settings(tmp_path, env={})
    with TestClient(create_app(empty), base_url="http://127.0.0.1") as machine:
        assert machine.get("/healthz").status_code == 200
        answer = machine.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"status": "no_release"})


def test_the_access_log_tells_no_person(
    some: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The kind of page, not which: neither path nor query; what machines ask is left out."""
    monkeypatch.setenv("JUANDI_LOG", "json")
    secret = "13912345678"  # noqa: S105 - a number that somebody searches for
    with TestClient(create_app(some), base_url="http://127.0.0.1") as reader:
        reader.get(f"/search?q={secret}")
        reader.get(f"/projects/{secret}")
        reader.get(f"/{secret}?x={secret}")
        reader.get("/healthz")
        reader.request("张三", "/")
    written = capsys.readouterr().err
    lines = [json.loads(line) for line in written.splitlines()]
    requests = [line for line in lines if line["event"] == "request"]
    assert [(r["method"], r["route"], r["status"]) for r in requests] == [
        ("GET", "/search", 200),
        ("GET", "/projects/{project_no:path}", 404),
        ("GET", "none", 404),
        ("other", "/", 405),
    ]
    assert secret not in written
    assert "张三" not in written
    for line in requests:
        assert list(line)[:3] == ["time", "level", "event"]
        assert line["milliseconds"] >= 0
