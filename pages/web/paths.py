"""Where values lead: parts of paths, the page of a line, the page of the rows behind a figure."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from pages.data import Row
from pages.listings.summed import counted_in
from pipelines.tables.figures import needed_of
from pipelines.tracing.references import read_reference


def segment(value: object) -> str:
    """A value as one part of a path: whatever it holds, it stays one."""
    return quote(str(value), safe="")


def exact(value: object) -> str:
    """A value in full, for `<data value>`: what the table holds, not what was rounded for it."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def line_path(row: Row) -> str | None:
    """The page of the line that a row was read from; None of a row that knows none."""
    if row.get("source_file_id") is None or row.get("source_row") is None:
        return None
    path = f"/lines/{segment(row['source_file_id'])}/{row['source_row']}"
    sheet = row.get("source_sheet")
    return f"{path}?sheet={segment(sheet)}" if sheet else path


def reference_path(reference: str) -> str | None:
    """The same by the id that `ops.quarantine` and `ops.corrections` have of a line."""
    found = read_reference(reference)
    if found is None:
        return None
    names = ("source_file_id", "source_sheet", "source_row")
    return line_path(dict(zip(names, found, strict=True)))


def rows_path(table: str, column: str, row: Row) -> str | None:
    """The page of how a figure is counted; None of what has none, or of another row."""
    names = needed_of(counted_in(table), column)
    if names is None or any(name not in row for name in names):
        return None
    given = "&".join(f"{name}={segment(exact(row[name]))}" for name in names)
    return f"/rows/{table}/{column}" + (f"?{given}" if given else "")


def own_path(back: str) -> str:
    """The path, if it is one of these pages: nobody is sent elsewhere."""
    parts = urlsplit(back)
    own = back.startswith("/") and not back.startswith(("//", "/\\"))
    clean = all(sign.isprintable() for sign in back)
    return back if own and clean and not parts.scheme and not parts.netloc else "/"
