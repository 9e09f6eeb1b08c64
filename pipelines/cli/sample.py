"""`juandi sample`: writes calibrated sample exports into a folder, in the platforms' formats.

The package `sample` generates them.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from pipelines.cli.console import Trouble, complain, print_json
from pipelines.cli.options import Json
from pipelines.cli.progress import shown_progress
from pipelines.definitions.listener import Listener

if TYPE_CHECKING:
    from sample import Manifest


class Faults(StrEnum):
    """How faulty the sample is; the values are those of `sample`."""

    none = "none"
    some = "some"
    many = "many"


#: The campaign whose published figures are best known: 蜀慈善邻 2024.
CAMPAIGN = "scsl-2024"

Scale: TypeAlias = Annotated[
    float,
    typer.Option(
        "--scale",
        envvar="JUANDI_SCALE",
        min=0.0005,
        help="规模 / 1 is the full campaign, some 210,000 gifts.",
    ),
]
Seed: TypeAlias = Annotated[
    int,
    typer.Option(
        "--seed", envvar="JUANDI_SEED", help="随机种子 / Random seed: same seed, same bytes."
    ),
]
FaultsOption: TypeAlias = Annotated[
    Faults,
    typer.Option(
        "--faults",
        envvar="JUANDI_FAULTS",
        help="瑕疵 / How many faults of real exports to include.",
    ),
]


def sample(
    out: Annotated[
        Path,
        typer.Option(
            "--out", envvar="JUANDI_OUT", metavar="DIR", help="输出目录 / The folder to write to."
        ),
    ],
    campaign: Annotated[
        str,
        typer.Option(
            "--campaign", envvar="JUANDI_CAMPAIGN", metavar="ID", help="活动 / The campaign's id."
        ),
    ] = CAMPAIGN,
    scale: Scale = 1.0,
    seed: Seed = 20240802,
    faults: FaultsOption = Faults.some,
    as_json: Json = False,
) -> None:
    """生成样本 / Generate calibrated sample exports."""
    with shown_progress(quiet=as_json) as listener:
        manifest = write_sample(out, campaign, scale, seed, faults, listener)
    if as_json:
        print_json(
            {
                "out": out,
                "files": [facts.path for facts in manifest.files],
                "totals": manifest.totals,
            }
        )
    else:
        complain(f"{len(manifest.files)} 个文件 files → {out}")


def write_sample(
    out: Path, campaign: str | None, scale: float, seed: int, faults: str, listener: Listener
) -> Manifest:
    """Writes the exports into the empty folder `out`; without a campaign those of the demo.

    Raises Trouble for wrong arguments.
    """
    from sample import generate, generate_demo

    listener.on_step("sample", None)
    try:
        if campaign is None:
            return generate_demo(out, scale, seed, Faults(faults).value)
        return generate(out, campaign, scale, seed, Faults(faults).value)
    except FileExistsError:
        raise Trouble(
            f"{out} 不是空目录，请用 --out 另选 / {out} is not an empty folder: choose another "
            "--out DIR"
        ) from None
    except (ValueError, OSError) as error:
        raise Trouble(str(error)) from None
