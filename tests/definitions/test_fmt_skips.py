"""What the formatter must leave as it stands says why, on the same line."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SKIP = re.compile(r"# fmt: ?(skip|off)(?! # \S)")


def test_every_skip_of_the_formatter_has_a_reason() -> None:
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for package in ("pipelines", "sample")
        for path in sorted((ROOT / package).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if SKIP.search(line)
    ]

    assert not bare
