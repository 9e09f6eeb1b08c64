"""The demo's sample: a campaign, and a small share of a programme beside it in one folder.

What either holds belongs to `generate` and `living_water`.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from sample.campaigns import PROGRAMME
from sample.generate import generate_campaign
from sample.landing import OnFile
from sample.living_water import FOLDER, generate_programme
from sample.manifest import Faults, Manifest

#: The demo's campaign, and its share of the programme: enough gifts for what is printed of single
#: organisations.
CAMPAIGN, _PROGRAMME_SHARE = "scsl-2024", 0.002


def generate_demo(
    out: Path,
    scale: float = 1.0,
    seed: int = 20240802,
    faults: Faults = "some",
    on_file: OnFile | None = None,
) -> Manifest:
    """Writes the campaign, and beside it a small share of the programme, into the folder `out`.

    `scale` is the campaign's; the programme's share is always the same. Errors are those of
    `generate`. One manifest for both; the programme's totals are under its id.
    """
    manifest = generate_campaign(
        out, CAMPAIGN, scale, seed, faults, on_file, with_enrollments=False
    )
    apart = out / ".programme"
    added = generate_programme(apart, _PROGRAMME_SHARE, seed, faults, on_file)
    for folder in apart.glob(f"*/{FOLDER}"):
        source = out / folder.parent.name
        source.mkdir(exist_ok=True)
        folder.rename(source / FOLDER)
    shutil.rmtree(apart)
    manifest.files += added.files
    manifest.planted += added.planted
    manifest.totals[PROGRAMME] = added.totals
    (out / "manifest.json").write_text(manifest.to_json(), encoding="utf-8")
    return manifest
