"""The asset graph, built once over an empty warehouse: parsing the dbt project takes seconds."""

import logging
import warnings
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pipelines.settings import Settings


class Graph(NamedTuple):
    """The definitions, where they were built, and what loading them said."""

    defs: Any
    settings: Settings
    warnings: list[str]
    logged: list[str]


class _Heard(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name}: {record.getMessage()}")


@pytest.fixture(scope="session")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """`build_defs()` as production calls it, with what it warned of."""
    from pipelines.definitions.definitions import build_defs

    folder: Path = tmp_path_factory.mktemp("graph")
    settings = Settings(warehouse=folder, landing=folder / "landing")
    heard = _Heard()
    logging.getLogger().addHandler(heard)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            defs = build_defs(settings=settings)
            defs.resolve_all_job_defs()
    finally:
        logging.getLogger().removeHandler(heard)
    # Libraries warn their own callers of what they will drop; that is not ours to silence or fix.
    ours = [str(w.message) for w in caught if w.category is not DeprecationWarning]
    return Graph(defs, settings, ours, heard.lines)
