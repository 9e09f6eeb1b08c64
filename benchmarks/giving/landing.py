"""The campaign's files: generated once per scale and version of the generator, linked for a run.

The package `sample` generates them.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from pipelines.settings import PROJECT_ROOT

CAMPAIGN = "99-2020"
JUANDI = str(Path(sys.executable).with_name("juandi"))


def _key(scale: float) -> str:
    """The cache key: a hash of the generator's code and its arguments."""
    digest = hashlib.sha256(f"{CAMPAIGN} {scale!r}".encode())
    for file in sorted((PROJECT_ROOT / "sample").rglob("*.py")):
        digest.update(file.read_bytes())
    return f"{CAMPAIGN}_{scale:g}_{digest.hexdigest()[:12]}"


def sample(cache: Path, scale: float) -> Path:
    """The folder with the campaign at `scale`, generated if it does not exist."""
    folder = cache / _key(scale)
    if (folder / "manifest.json").is_file():
        return folder
    draft = folder.with_name(folder.name + ".part")
    shutil.rmtree(draft, ignore_errors=True)
    draft.parent.mkdir(parents=True, exist_ok=True)
    command = [
        JUANDI,
        "sample",
        "--campaign",
        CAMPAIGN,
        "--scale",
        repr(scale),
        "--out",
        str(draft),
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    draft.rename(folder)
    return folder


def linked(files: Path, landing: Path) -> None:
    """Makes a landing folder of hard links, so that files can be replaced in it but the sample
    stays unchanged."""
    for path in files.rglob("*"):
        target = landing / path.relative_to(files)
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(path, target)


def facts(files: Path) -> dict[str, int]:
    """rows: lines that are read, by the manifest; gifts; bytes of all files."""
    manifest = json.loads((files / "manifest.json").read_text(encoding="utf-8"))
    return {
        "rows": sum(f["rows"]["read"] for f in manifest["files"]),
        "gifts": manifest["totals"]["gifts"],
        "bytes": sum(f["bytes"] for f in manifest["files"]),
    }
