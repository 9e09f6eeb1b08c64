"""Where a received file's rows lie in the warehouse, and which code read them."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cache
from pathlib import Path

from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.stages.store.receipts import Receipt

_READING_CODE = (
    "pipelines/cleaning",
    "pipelines/reading",
    "pipelines/sources",
    "pipelines/stages/load/bounds.py",
    "pipelines/stages/load/rows.py",
    "pipelines/stages/load/row_checks.py",
    "pipelines/stages/load/joining.py",
    "pipelines/stages/load/reasons.py",
    "pipelines/stages/load/claims.py",
    "pipelines/stages/load/corrections.py",
    "pipelines/stages/load/donors.py",
    "pipelines/stages/load/duplicates.py",
    "pipelines/stages/load/forgotten.py",
    "pipelines/stages/load/scales.py",
    "dbt_project/seeds/regions.csv",
    "dbt_project/seeds/region_aliases.csv",
)


#: Noted in place of a version of the code where reading a file again may give something else: it
#: stays pending.
TRY_AGAIN = ""


@cache
def code_version() -> str:
    """Changes when any code, or the table of regions, that decides how a file is read changes."""
    digest = hashlib.sha256()
    for place in _READING_CODE:
        path = PROJECT_ROOT / place
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


class Places:
    """Where files lie, as text: a path object for each of thousands costs more than a look.

    ValueError for the lake's folder of a refused file: it has no partition.
    """

    def __init__(self, settings: Settings) -> None:
        self._archive, self._lake = str(settings.archive), str(settings.lake)
        self._quarantine = str(settings.quarantine)

    def archived(self, receipt: Receipt) -> str:
        """The received bytes."""
        return f"{self._archive}/{receipt.source}/{receipt.sha256}"

    def lake(self, receipt: Receipt, partition: date | None) -> str:
        """The folder of a loaded file's parts."""
        if partition is None:
            raise ValueError(f"{receipt.shown_path} has no place in the lake: it was refused")
        return f"{self._lake}/{receipt.source}/export_date={partition}/{receipt.file_id}"

    def quarantine(self, receipt: Receipt) -> str:
        """The folder of a file's refused rows."""
        return f"{self._quarantine}/{receipt.source}/{receipt.file_id}"


def lake_folder(settings: Settings, receipt: Receipt, partition: date | None) -> Path:
    """Where a loaded file's parts lie. ValueError for a refused file: it has no partition."""
    return Path(Places(settings).lake(receipt, partition))


def quarantine_folder(settings: Settings, receipt: Receipt) -> Path:
    """Where a file's refused rows lie."""
    return Path(Places(settings).quarantine(receipt))
