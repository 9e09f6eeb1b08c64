"""Which code makes a release. Reading a file has a version of its own: `store.zones`."""

from __future__ import annotations

import hashlib

from pipelines.settings import PROJECT_ROOT

_CODE = ("pipelines", "dbt_project", "expectations", "uv.lock")
_SUFFIXES = {".py", ".sql", ".yml", ".csv", ".lock"}


def code_digest() -> str:
    """Changes when the code, the models, the rules or the libraries do."""
    digest = hashlib.sha256()
    for place in _CODE:
        root = PROJECT_ROOT / place
        for file in [root] if root.is_file() else sorted(root.rglob("*")):
            if file.suffix in _SUFFIXES and "target" not in file.parts:
                digest.update(file.relative_to(PROJECT_ROOT).as_posix().encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()
