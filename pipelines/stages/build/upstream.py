"""What a seed, model or test rests on, as dbt's manifest says it.

Which of it has been made already is who asks' to know.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

_MADE_OR_ASKED = frozenset({"seed", "model", "test"})


def with_upstream(manifest: Path, wanted: Collection[str] | None) -> set[str]:
    """Unique ids of `wanted` and of all seeds and models that they rest on; of all for None.

    A test rests on every table that it reads. Raises KeyError for an id that is not in the project.
    """
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    known = {i: n for i, n in nodes.items() if n["resource_type"] in _MADE_OR_ASKED}
    if wanted is None:
        return set(known)
    found, waiting = set(wanted), list(wanted)
    while waiting:
        for parent in known[waiting.pop()]["depends_on"].get("nodes", ()):
            if parent in known and parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found
