"""Writes a register as one file of the landing folder, dated the evening of its day.

What a register holds belongs to the modules that make its rows.
"""

from __future__ import annotations

from datetime import date, datetime, time

from sample.landing import SampleFolder
from sample.manifest import SampleFile
from sample.registers import Register


def evening(day: date) -> datetime:
    """When what is known of a day is handed out."""
    return datetime.combine(day, time(20, 0))


def as_csv(landing: SampleFolder, table: Register, name: str, day: date) -> SampleFile:
    """Writes the register as delimited text; returns what the manifest says of it."""
    return landing.write_text(table.source, name, table.to_text(), evening(day), day)


def as_book(landing: SampleFolder, table: Register, name: str, day: date) -> SampleFile:
    """Writes the register as a workbook; returns what the manifest says of it."""
    data, planted = table.to_book()
    return landing.write(
        table.source,
        name,
        data,
        evening(day),
        rows=table.tally(),
        encoding="binary",
        dialect="xlsx",
        partition=day,
        planted=planted,
    )
