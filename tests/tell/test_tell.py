"""People are told once: through apprise, at a local receiver that may be down."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.publishing.releases import Release
from pipelines.quality import GateResult, load_suites
from pipelines.settings import BEIJING, Settings, SettingsError
from pipelines.stages.fetch.faults import PullOutcome, remember_faults
from pipelines.stages.fetch.rules import PullFailed
from pipelines.stages.tell.news import NightTold
from pipelines.stages.tell.sending import declared_alerts, tell, tell_test

NOW = datetime(2024, 8, 5, 2, 30, tzinfo=BEIJING)
RELEASE = Release(
    release_id="20240805T023000-0123abcd", published_at=datetime(2024, 8, 5, 2, 30),
    as_of=date(2024, 8, 4), content_hash="0" * 32, rows=3, gates_passed=2, warnings=1,
    inputs_hash="f" * 32,
)  # fmt: skip # a row


class Receiver:
    """A webhook on the loopback; `is_down` has it refuse what comes."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.is_down = False
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                text = self.rfile.read(int(self.headers["Content-Length"]))
                if not receiver.is_down:
                    receiver.got.append(json.loads(text))
                self.send_response(500 if receiver.is_down else 200)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        self.address = f"json://user:hunter2@127.0.0.1:{self._server.server_port}/hook"

    def stop(self) -> None:
        """Ends it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def titles(self) -> list[str]:
        """Of what it got, and forgets it."""
        got, self.got = self.got, []
        return [str(one["title"]) for one in got]


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """One that takes what it is told."""
    made = Receiver()
    monkeypatch.setenv("HOOK", made.address)
    monkeypatch.setenv("DEAD", "json://user:hunter2@127.0.0.1:9/hook")
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A warehouse that tells two receivers, of which the first is never there."""
    with duckdb.connect(str(tmp_path / "juandi.duckdb")) as db:
        db.execute("create schema ops")
        db.execute(
            "create table ops.source_health as select 'tencent_donations' as source,"
            " date '2024-08-01' as last_good_partition, 'stale' as status"
        )
    (tmp_path / "juandi.toml").write_text('[alerts]\nto = [{ env = "DEAD" }, { env = "HOOK" }]\n')
    return Settings(warehouse=tmp_path, landing=tmp_path / "landing")


def failed_gate() -> GateResult:
    """A critical rule of a suite that failed for three rows."""
    suite = next(s for s in load_suites() if s.layer == "star")
    rule = next(r for r in suite.rules if r.severity == "critical")
    return GateResult(
        rule_id=rule.rule_id, layer=suite.layer, table_name=suite.table_name,
        severity="critical", status="fail", observed="3", failing_rows=3,
        sample="张三 13800138000", description_zh=rule.zh, description_en=rule.en,
    )  # fmt: skip # a row


def test_a_blocked_night(settings: Settings, receiver: Receiver) -> None:
    """Rule, rows and remedy; once; again when it comes back; no sample of rows."""
    found = failed_gate()
    night = NightTold("blocked", RELEASE, gates=[found])
    sent = tell(settings, night, NOW)
    print("told:", json.dumps(receiver.got[0], ensure_ascii=False))
    assert [(bool(s.trouble), s.sent) for s in sent] == [(True, 0), (False, 2)]
    assert "hunter2" not in "".join(str(s.trouble) for s in sent)
    text = json.dumps(receiver.got, ensure_ascii=False)
    assert found.rule_id in text
    assert "rows: 3" in text
    assert "张三" not in text
    assert "13800138000" not in text
    titles = receiver.titles()
    assert len(titles) == 2
    assert "tencent_donations" in titles[1]
    assert tell(settings, night, NOW + timedelta(hours=1))[1].sent == 0
    assert tell(settings, NightTold("published", RELEASE), NOW)[1].sent == 1
    assert "digest" in receiver.titles()[0]
    assert tell(settings, NightTold("unchanged", RELEASE), NOW)[1].sent == 0
    assert tell(settings, night, NOW)[1].sent == 1
    assert tell(settings, NightTold("unchanged", RELEASE), NOW + timedelta(days=1))[1].sent == 1


def test_a_receiver_that_was_down_is_told_later(settings: Settings, receiver: Receiver) -> None:
    """And only once."""
    night = NightTold("failed", RELEASE, errors=["load: 磁盘已满 / the disk is full"])
    receiver.is_down = True
    assert tell(settings, night, NOW)[1].sent == 0
    receiver.is_down = False
    assert tell(settings, night, NOW)[1].sent == 2
    assert "磁盘已满" in json.dumps(receiver.got, ensure_ascii=False)
    assert tell(settings, night, NOW)[1].sent == 0


def test_what_could_not_be_pulled_and_what_is_old(settings: Settings, receiver: Receiver) -> None:
    """A place that fails, and data that nobody has handed in for days."""
    outcome = PullOutcome("drop", "trainings", "sftp://host/x")
    outcome.failed = [PullFailed("pull.host_key")]
    remember_faults(settings, [outcome], NOW)
    tell(settings, NightTold("unchanged", RELEASE), NOW + timedelta(days=9))
    titles = " ".join(receiver.titles())
    assert "not pulled: trainings" in titles
    assert "no new data" in titles


def test_a_failed_night_forgets_nothing(settings: Settings, receiver: Receiver) -> None:
    """It weighed no rule: what it could not look at is neither over nor news again."""
    blocked = NightTold("blocked", RELEASE, gates=[failed_gate()])
    assert tell(settings, blocked, NOW)[1].sent == 2
    failed = NightTold("failed", RELEASE, errors=["models: its process ended"])
    assert tell(settings, failed, NOW)[1].sent == 1
    receiver.titles()
    assert tell(settings, blocked, NOW)[1].sent == 0
    assert tell(settings, failed, NOW)[1].sent == 1


def test_the_test_reaches_each(settings: Settings, receiver: Receiver) -> None:
    """However often."""
    for _ in range(2):
        dead, alive = tell_test(settings, NOW)
        assert (dead.sent, alive.sent, alive.trouble) == (0, 1, None)
        assert dead.trouble
    assert len(receiver.titles()) == 2


def test_only_what_is_asked_for(settings: Settings, receiver: Receiver) -> None:
    """`tell` chooses; a wrong word, or an address itself, is a wrong setting."""
    settings.config.write_text('[alerts]\nto = [{ env = "HOOK" }]\ntell = ["failure"]\n')
    assert tell(settings, NightTold("published", RELEASE), NOW)[0].sent == 0
    for wrong in ('tell = ["all"]\nto = []', 'to = ["json://hunter2@h"]'):
        settings.config.write_text(f"[alerts]\n{wrong}\n")
        with pytest.raises(SettingsError) as caught:
            declared_alerts(settings)
        assert "hunter2" not in str(caught.value)


def test_nobody_to_tell(tmp_path: Path) -> None:
    """Without the table nothing is done."""
    settings = Settings(warehouse=tmp_path, landing=tmp_path)
    assert tell(settings, NightTold("failed", None), NOW) == []
