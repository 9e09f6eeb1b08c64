"""A warehouse with a small published release, and the command run in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.publishing.releases import Release, write_releases

RELEASE = Release(
    release_id="20240805T023000-0123abcd",
    published_at=datetime(2024, 8, 5, 2, 30),
    as_of=date(2024, 8, 4),
    content_hash="0123abcd" * 4,
    rows=3,
    gates_passed=2,
    warnings=1,
    inputs_hash="feed" * 8,
)
_TABLES = """
CREATE SCHEMA ops; CREATE SCHEMA marts;
CREATE TABLE marts.campaign_summary AS
  SELECT 'scsl-2024' AS campaign_id, 208 AS admitted, 24670000.5::DECIMAL(18,2) AS net_cny;
CREATE TABLE ops.gate_results AS SELECT * FROM (VALUES ('pass'), ('pass'), ('fail')) t(status);
CREATE TABLE ops.source_health AS SELECT 'tencent_donations' AS source,
  DATE '2024-08-04' AS last_good_partition, TIMESTAMP '2024-08-05 02:29:00' AS last_loaded_at,
  0.5 AS hours_stale, 'daily' AS expected_every, 1::BIGINT AS open_quarantine, 'ok' AS status;
CREATE TABLE ops.quarantine AS SELECT * FROM (VALUES
  ('f1::7', 'tencent_donations', 'gifts_20240804.csv', 7, 'tencent_donations.amount_range',
   '捐款金额须大于0。', 'A gift is more than 0.', '{"金额": "-5"}', 'open', 'f1'),
  ('f1::9', 'tencent_donations', 'gifts_20240804.csv', 9, 'any.cut_off;any.field_count',
   '最后一行被截断。', 'The last line was cut off.', '(withheld)', 'waived', 'f1'))
  t(quarantine_id, source, file_name, source_row, rule_ids, reasons_zh, reasons_en, raw_text,
    state, source_file_id);
"""


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """A warehouse folder whose published file holds what `status`, `sql` and friends read."""
    folder = tmp_path / "warehouse"
    (folder / "releases").mkdir(parents=True)
    with duckdb.connect(str(folder / "juandi.duckdb")) as connection:
        connection.execute(_TABLES)
        write_releases(connection, [RELEASE])
    (folder / "releases" / f"{RELEASE.release_id}.duckdb").write_bytes(
        (folder / "juandi.duckdb").read_bytes()
    )
    return folder


Juandi = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def juandi(tmp_path: Path) -> Juandi:
    """Runs the command as a shell would; none of the caller's settings leak in."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("JUANDI_", "DAGSTER_"))}
    env |= {"HOME": str(tmp_path), "PYTHONUTF8": "1", "COLUMNS": "200"}

    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pipelines.cli.main", *arguments],
            env=env | settings,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    return run
