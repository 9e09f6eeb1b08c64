"""Builds the site of the docs: every page, every link and anchor checked, nothing from elsewhere.

    python -m tools.docs_site        # into docs/site

Pages link to each other as they lie in the repository, README and `warehouse/README.md` too, so
they are copied as they lie and built from the copy. How the site looks is `docs/mkdocs.yml`'s.
Material for MkDocs ends in 2027; its successor Zensical reads the same file and builds these pages,
but asks for a newer `pathspec` than dbt-core 1.11 allows beside it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = (
    *("README.md", "README.zh-CN.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"),
    *("docs", "warehouse/README.md"),
)
#: What a browser fetches by itself, as opposed to a link that somebody follows.
_FETCHED = re.compile(
    r"""<(?:script|img|iframe)\b[^>]*\bsrc=["']?(?:https?:)?//|"""
    r"""<link\b[^>]*rel=["']?(?:stylesheet|preconnect|icon)[^>]*href=["']?(?:https?:)?//|"""
    r"""@import\s+url|url\(["']?(?:https?:)?//"""
)


def build(site: Path, work: Path = ROOT / ".cache" / "docs") -> None:
    """Writes the site anew, by way of `work`.

    Raises CalledProcessError for a dead link, and ValueError for a page that fetches something.
    """
    shutil.rmtree(work, ignore_errors=True)
    for page in PAGES:
        source, target = ROOT / page, work / "pages" / page
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("site", "mkdocs.yml"))
        else:
            shutil.copyfile(source, target)
    shutil.copyfile(ROOT / "docs" / "mkdocs.yml", work / "mkdocs.yml")
    subprocess.run(  # never --quiet: a warning that is not told does not end a strict build
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=work, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, check=True,
    )  # fmt: skip
    for file in sorted((work / "site").rglob("*")):
        if file.suffix in (".html", ".css") and (found := _FETCHED.search(file.read_text("utf-8"))):
            raise ValueError(f"{file.relative_to(work)} fetches from elsewhere: {found[0]}")
    shutil.rmtree(site, ignore_errors=True)
    shutil.move(work / "site", site)


if __name__ == "__main__":
    build(ROOT / "docs" / "site")
    print("juandi: docs/site/index.html")
