"""The log that a machine reads: lines of named fields, without anybody's data."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from pipelines import logs
from pipelines.cli import main, query, releases
from pipelines.cli.console import complain, unquoted
from pipelines.definitions.night_log import NightLog
from pipelines.settings import SettingsError


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Any]:
    """Every line written since it was last asked."""
    monkeypatch.setenv("JUANDI_LOG", "json")
    monkeypatch.delenv("JUANDI_DEBUG", raising=False)
    before = list(logging.getLogger().handlers)

    def read() -> list[dict[str, Any]]:
        return [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    yield read
    logging.getLogger().handlers = before
    logging.captureWarnings(False)


def test_a_line(lines: Any) -> None:
    """When, how bad, what; then its fields in their order, those that are not known left out."""
    logs.log("night_ended", "error", seconds=1.5, run="r1", release=None)
    (line,) = lines()
    assert list(line) == ["time", "level", "event", "run", "seconds"]
    assert line["time"].endswith("+08:00")
    with pytest.raises(ValueError, match="donor"):
        logs.log("night_ended", donor="张三")


def test_none_is_written_where_none_is_wanted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """People read sentences; another form is a mistake of the settings."""
    monkeypatch.delenv("JUANDI_LOG", raising=False)
    logs.log("night_ended", run="r1")
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("JUANDI_LOG", "xml")
    with pytest.raises(SettingsError, match="xml"):
        logs.listen_to_libraries()


def test_what_libraries_warn_of(lines: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """That they do and where, and their words only for who looks for a mistake."""
    logs.listen_to_libraries()
    logs.listen_to_libraries()
    other = logging.getLogger("some.library")
    other.info("GET https://host/?token=hunter2")
    other.warning("cannot convert %s", "张三")
    try:
        int("张三 13912345678")
    except ValueError:
        other.exception("while reading 张三")
    found = lines()
    assert [(line["level"], line["logger"]) for line in found] == [
        ("warning", "some.library"),
        ("error", "some.library"),
    ]
    assert found[1]["error"] == "ValueError"
    assert "张三" not in json.dumps(found, ensure_ascii=False)
    monkeypatch.setenv("JUANDI_DEBUG", "1")
    other.warning("cannot convert %s", "张三")
    assert lines()[0]["debug"] == "cannot convert 张三"


def test_a_sentence_quotes_nobody(lines: Any) -> None:
    """What a message quotes may be a cell of a row."""
    complain("""Conversion Error: Could not convert string "张三" to INT64 at '13912345678'""")
    complain("刘 13912345678 的捐款")
    told = json.dumps(lines(), ensure_ascii=False)
    assert "张三" not in told
    assert "13912345678" not in told
    assert "Conversion Error" in told
    assert unquoted("x" * 9_999) == "x" * 500


@pytest.mark.parametrize(
    ("error", "event", "status"),
    [
        (OSError(28, "No space left on device", "/w/lake"), "trouble", 1),
        (KeyError("张三"), "crashed", 1),
    ],
    ids=repr,
)
def test_a_command_that_fails(
    error: Exception, event: str, status: int, lines: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A foreseen trouble with its condition; a mistake with its place, and no traceback."""

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(releases, "load_settings", fail)
    monkeypatch.setattr("sys.argv", ["juandi", "status"])
    with pytest.raises(SystemExit) as end:
        main.run()
    assert end.value.code == status
    found = lines()
    assert (found[0]["event"], found[0]["exit_code"]) == (event, status)
    assert found[0].get("condition") == ("full" if event == "trouble" else None)
    assert ("where" in found[0]) is (event == "crashed")
    assert "张三" not in json.dumps(found, ensure_ascii=False)


def test_an_unknown_form_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 2, before anything else is done."""
    monkeypatch.setenv("JUANDI_LOG", "xml")
    monkeypatch.setattr(query, "load_settings", lambda *_: pytest.fail("it went on"))
    monkeypatch.setattr("sys.argv", ["juandi", "sql", "select 1"])
    with pytest.raises(SystemExit) as end:
        main.run()
    assert end.value.code == 2
    assert "xml" in capsys.readouterr().err


def test_a_night_that_broke_off(lines: Any) -> None:
    """Its step ends, and so does it, with the condition of the machine."""
    night = NightLog("r1")
    night.on_step("load", 3)
    night.broke_off(OSError(28, "No space left on device"))
    found = lines()
    assert [line["event"] for line in found] == [
        "night_began", "step_began", "step_ended", "night_ended"
    ]  # fmt: skip # a list
    assert {line["run"] for line in found} == {"r1"}
    assert (found[-1]["condition"], found[-1]["error"]) == ("full", "OSError")
