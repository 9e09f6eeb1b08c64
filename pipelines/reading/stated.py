"""What a file says once for all its rows: in a title, a sheet's name, its own name or a folder.

Only for columns whose contract gives the words (`Column.stated`). Days and units are stated too, in
ways of their own: `headings.title_day`, `units`.
"""

from __future__ import annotations

import re

from pipelines.reading.blocks import ReadTable
from pipelines.reading.headings import normal
from pipelines.reading.refusals import FileRefused
from pipelines.sources import Column


def stated(column: Column, table: ReadTable, landing_path: str) -> str:
    """The value of `column` for every row of `table`, from the words around its rows.

    Raises FileRefused where nothing says it, or where two words say different things.
    """
    around = [cell for cells in table.titles for cell in cells]
    texts = [normal(text) for text in (*around, table.sheet or "", *landing_path.split("/"))]
    found = {
        value
        for pattern, value in column.stated.items()
        if any(re.search(pattern, text) for text in texts)
    }
    if len(found) != 1:
        several = ", ".join(sorted(found)) or "-"
        raise FileRefused("file.unstated", f"{column.name}: {several}")
    return found.pop()
