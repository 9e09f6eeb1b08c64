"""Which code makes a release. Reading a file has a version of its own: `store.zones`."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import distributions

from pipelines.settings import PROJECT_ROOT

_CODE = ("pipelines", "dbt_project", "expectations")
_SUFFIXES = {".py", ".sql", ".yml", ".csv"}


@cache  # a process runs the code that it began with; every look takes a tenth of a second
def code_digest() -> str:
    """Changes when the code, the models, the rules or the installed libraries do."""
    libraries = sorted({f"{library.name} {library.version}" for library in distributions()})
    digest = hashlib.sha256("\n".join(libraries).encode())
    for place in _CODE:
        for file in sorted((PROJECT_ROOT / place).rglob("*")):
            inner = file.relative_to(PROJECT_ROOT)
            if file.suffix in _SUFFIXES and "target" not in inner.parts:
                digest.update(inner.as_posix().encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()
