"""`juandi audit export`: the evidence pack of a campaign's reviews, as a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from pipelines.cli.console import Trouble, print_json
from pipelines.cli.options import Json, Warehouse
from pipelines.cli.release_file import NONE_YET
from pipelines.settings import load_settings

app = typer.Typer(
    name="audit", help="审查 / Reviews: what is handed to others.", no_args_is_help=True
)


@app.callback()
def audit() -> None:
    """Holds the sub-commands."""


@app.command("export")
def export(
    campaign: Annotated[
        str,
        typer.Option("--campaign", envvar="JUANDI_CAMPAIGN", help="活动编号 / The campaign's id."),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out", envvar="JUANDI_OUT", help="写入的目录 / The folder to write; new or empty."
        ),
    ],
    warehouse: Warehouse = None,
    language: Annotated[
        Literal["zh", "en"],
        typer.Option("--language", envvar="JUANDI_LANGUAGE", help="语言 / The pack's language."),
    ] = "zh",
    as_json: Json = False,
) -> None:
    """审查证据包 / Write the evidence pack of a campaign's reviews.

    The same release gives the same bytes; manifest.json has their sha256.
    """
    from pages.data import Limits, NoRelease, Releases
    from pages.pack import NoChain, pack
    from pages.words import catalogue

    settings = load_settings(warehouse)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Trouble(f"{out} 不是空目录 / {out} is not an empty folder")
    releases = Releases(settings, Limits(seconds=600))
    try:
        with releases.reader() as reader:
            found = pack(reader, catalogue(language), campaign)
            release = reader.release.release_id
    except NoRelease:
        raise Trouble(NONE_YET.format(settings.warehouse)) from None
    except NoChain:
        raise Trouble(
            f"没有活动 {campaign}，或它不采用已登记的审查链 / "
            f"there is no campaign {campaign}, or it uses no registered review chain"
        ) from None
    finally:
        releases.close()
    out.mkdir(parents=True, exist_ok=True)
    for name, content in found.items():
        (out / name).write_bytes(content)
    if as_json:
        print_json({"release": release, "out": str(out), "files": sorted(found)})
    else:
        typer.echo(f"{out / 'index.html'}  ({len(found)} files, {release})")
