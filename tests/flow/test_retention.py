"""A warehouse that let files go: its lake is deleted, and the archive gives the same release."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines.publishing.content import table_hashes
from pipelines.publishing.diff.attached import release_file
from pipelines.publishing.diff.compare import compare
from pipelines.publishing.releases import list_releases
from pipelines.settings import Settings, load_settings
from pipelines.stages.load.load import load_all
from pipelines.stages.receive.pull import pull
from pipelines.stages.retain.retain import apply
from tests.flow.conftest import night
from tests.flow.figures import FILES
from tests.stages.retained import aged, rules

pytestmark = pytest.mark.flow

#: Gifts of a day's export that is handed in twice, the second time with one more.
_MORE = [
    f"GIFT00010{n},T1,5.00,2024-08-02 09:00:00,支付成功,,,单笔捐,甲,否,510116,," for n in (1, 2, 3)
]
_REFUSED = "GIFT000109,T1,-5.00,2024-08-02 09:00:00,支付成功,,,单笔捐,甲,否,510116,,"


def _content(settings: Settings) -> dict[str, str]:
    with duckdb.connect(str(settings.published), read_only=True) as db:
        return table_hashes(db, settings.published.stem)


def test_rebuilt_to_the_same_release(tmp_path: Path) -> None:
    """Law 3 after retention: the same marts, the same account, every gate passed."""
    settings = load_settings(tmp_path / "warehouse", env={})
    for name, lines in FILES.items():
        path = settings.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    late = settings.landing / "tencent_donations" / "more_20240803.csv"
    for gifts in (2, 3):
        lines = [FILES["tencent_donations/d_20240804.csv"][0], *_MORE[:gifts], _REFUSED]
        late.write_text("\n".join(lines) + "\n", encoding="utf-8")
        pull(settings)
        load_all(settings)
    aged(settings, 400)
    first = night(settings)
    assert not first.blocked, [(r.rule_id, r.observed) for r in first.blocking]
    before = _content(settings)
    rules(settings, "archive = { days = 365 }")
    gone = apply(settings).files.due
    assert [one.standing.status for one in gone] == ["superseded"]
    for zone in (settings.lake, settings.quarantine, settings.build):
        shutil.rmtree(zone)
    gates = night(settings)
    assert not gates.blocked, [r.rule_id for r in gates.blocking]
    assert _content(settings) == before
    assert len(list_releases(settings)) == 2
    found = compare(settings, release_file(settings, "previous"), release_file(settings, "newest"))
    assert found.files == ()
    # of ops only what was let go came; the row that it had in quarantine went, and is not open
    assert {t.table: (t.added, t.removed, t.columns_changed) for t in found.tables} == {
        "ops.quarantine": (0, 1, ()),
        "ops.source_health": (0, 0, (("open_quarantine", 1),)),
        "ops.let_go": (3, 0, ()),
    }
    with duckdb.connect(str(settings.published), read_only=True) as db:
        told = db.execute("select change, count(*) from ops.restatements group by 1").fetchall()
    assert told == [("added", 1)]
