"""Which files are samples: generated, and so no evidence about anything that happened.

The names of generated files say so (`sample` writes no other). A release that holds one refutes
nobody: see docs/claims.md.
"""

from __future__ import annotations

from pathlib import PurePosixPath

_MARKS = ("合成数据", "synthetic")


def is_sample(landing_path: str) -> bool:
    """True if the file's own name says that it was generated."""
    name = PurePosixPath(landing_path).name.casefold()
    return any(mark in name for mark in _MARKS)
