"""What answers at once imports nothing heavy: Dagster, dbt and Great Expectations take seconds."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "dagster",
    "dagster_dbt",
    "dbt",
    "great_expectations",
    "metricflow",
    "pandas",
    "sqlalchemy",
}
#: … and what only the pages need.
HEAVY |= {"altair", "fastapi", "uvicorn"}

PROGRAM = """
import json, sys
from pipelines.cli import main
sys.argv = ["juandi", *json.loads(sys.argv[1])]
try:
    main.run()
except SystemExit as end:
    assert not end.code, end.code
finally:
    names = {name.partition(".")[0] for name in sys.modules}
    print("MODULES", " ".join(sorted(names)), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("refresh", "--help"),
        ("status",),
        ("releases",),
        ("sql", "select 1"),
        ("metric",),
        ("quarantine", "list"),
        ("doctor",),
    ],
    ids=" ".join,
)
def test_imports_nothing_heavy(arguments: tuple[str, ...], warehouse: Path) -> None:
    """No heavy library is among the modules when the command has answered."""
    import json

    where = [] if "--help" in arguments else ["--warehouse", str(warehouse)]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps([*arguments, *where])],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    modules = set(done.stderr.rpartition("MODULES ")[2].split())
    assert "typer" in modules
    assert not modules & HEAVY
