"""`juandi sample`: calibrated sample exports in a folder, as platforms would hand them out.

What a sample holds belongs to `pipelines.sample`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from pipelines.cli.console import Trouble, complain, print_json
from pipelines.cli.options import Json

FAULTS = ("none", "some", "many")

Scale: TypeAlias = Annotated[
    float,
    typer.Option(
        "--scale",
        envvar="JUANDI_SCALE",
        min=0.0005,
        help="规模 / 1 is the campaign as it was: some 210,000 gifts.",
    ),
]
Seed: TypeAlias = Annotated[
    int,
    typer.Option("--seed", envvar="JUANDI_SEED", help="随机种子 / The same seed, the same bytes."),
]
Faults: TypeAlias = Annotated[
    str,
    typer.Option(
        "--faults",
        envvar="JUANDI_FAULTS",
        metavar="none|some|many",
        help="瑕疵 / How many faults real exports have are written in.",
    ),
]


def sample(
    out: Annotated[
        Path, typer.Option("--out", envvar="JUANDI_OUT", metavar="DIR", help="输出目录 / Folder.")
    ],
    campaign: Annotated[
        str | None,
        typer.Option(
            "--campaign", envvar="JUANDI_CAMPAIGN", metavar="ID", help="活动 / A campaign only."
        ),
    ] = None,
    scale: Scale = 1.0,
    seed: Seed = 20240802,
    faults: Faults = "some",
    as_json: Json = False,
) -> None:
    """生成样本 / Generate calibrated sample exports."""
    files = write_sample(out, campaign, scale, seed, faults)
    if as_json:
        print_json({"out": out, "files": files})
    else:
        complain(f"{len(files)} 个文件 files: {out}")


def write_sample(
    out: Path, campaign: str | None, scale: float, seed: int, faults: str
) -> list[Path]:
    """Writes the exports; returns their paths. Raises Trouble for wrong arguments."""
    from pipelines.sample.generate import UnknownCampaign, generate

    if faults not in FAULTS:
        raise Trouble(f"--faults {faults!r}: one of {', '.join(FAULTS)}")
    if out.exists() and not out.is_dir():
        raise Trouble(f"{out} is not a folder")
    try:
        return generate(out, campaign=campaign, scale=scale, seed=seed, faults=faults)
    except UnknownCampaign as unknown:
        raise Trouble(str(unknown)) from None
