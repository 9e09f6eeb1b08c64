"""No published column goes, or changes its type, under the same schema version."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.tables import schema_record as made
from pipelines.tables.schema_record import RECORD, schema_record
from pipelines.tables.version import SCHEMA_VERSION


def test_a_column_that_goes_is_noticed(tmp_path: Path) -> None:
    """And one of another type; a new one is not."""
    file = tmp_path / "record.tsv"
    text = schema_record(tmp_path / "none.tsv")
    assert text == RECORD.read_text("utf-8")
    lines = text.splitlines()
    file.write_text("\n".join(line for line in lines if "ops.releases.number" not in line))
    assert schema_record(file) == text
    file.write_text(text + "star.fact_donation.gone\tVARCHAR\n")
    with pytest.raises(ValueError, match=r"star\.fact_donation\.gone; raise SCHEMA_VERSION"):
        schema_record(file)
    file.write_text(text.replace("ops.releases.number\t", "ops.releases.number\tnot "))
    with pytest.raises(ValueError, match=r"ops\.releases\.number"):
        schema_record(file)


def test_another_version_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the version before had is its own."""
    file = tmp_path / "record.tsv"
    file.write_text(schema_record() + "star.fact_donation.gone\tVARCHAR\n")
    monkeypatch.setattr(made, "SCHEMA_VERSION", SCHEMA_VERSION + 1)
    head, *rows = schema_record(file).splitlines()
    assert head.endswith(f"schema version {SCHEMA_VERSION + 1}")
    assert not any("star.fact_donation.gone" in row for row in rows)
