"""What `juandi refresh --full` forgets before it begins: all that the archive can give back."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from pipelines.cli.console import Trouble
from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.stages.store.healing import Healed


def forget(settings: Settings, healed: Healed) -> None:
    """Everything that can be made again from the archive; landing, archive, releases stay.

    Raises Trouble, with nothing deleted, where the archive could not give all of it back.
    """
    if healed.archive:
        files = "\n  ".join(
            f"{receipt.source}/{receipt.shown_name} ({fault}, {receipt.file_id})"
            for receipt, fault in healed.archive
        )
        raise Trouble(
            f"--full: 归档缺少 {len(healed.archive)} 个文件，未做任何改动 / the archive cannot "
            f"give back {len(healed.archive)} files, and nothing was changed; put them back into "
            f"landing, or refresh without --full:\n  {files}"
        )
    for zone in (settings.lake, settings.quarantine, settings.build):
        shutil.rmtree(zone, ignore_errors=True)
