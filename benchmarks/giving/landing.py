"""The campaign's files: generated once for a scale and state of the generator, linked for a run.

What is in them belongs to the sample's generator.
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
    """Of the generator's code and what it is asked for."""
    digest = hashlib.sha256(f"{CAMPAIGN} {scale!r}".encode())
    for file in sorted((PROJECT_ROOT / "sample").rglob("*.py")):
        digest.update(file.read_bytes())
    return f"{CAMPAIGN}_{scale:g}_{digest.hexdigest()[:12]}"


def sample(cache: Path, scale: float) -> Path:
    """The folder that holds the campaign at `scale`, made if it is not there."""
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
    """A landing folder of hard links (manifest.json at its side is no source's): a file can be
    replaced in it, the sample stays."""
    for path in files.rglob("*"):
        target = landing / path.relative_to(files)
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(path, target)


def facts(files: Path) -> dict[str, int]:
    """rows: lines that the manifest says are read; bytes of all files."""
    manifest = json.loads((files / "manifest.json").read_text(encoding="utf-8"))
    return {
        "rows": sum(f["rows"]["read"] for f in manifest["files"]),
        "gifts": manifest["totals"]["gifts"],
        "bytes": sum(f["bytes"] for f in manifest["files"]),
    }
