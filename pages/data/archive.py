"""Lines of received files, for the one page that shows them: read-only, few at a time.

Which file is read is decided by the release (its source and sha256 there); no part of a URL is
ever a part of a path.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from pages.data.open_release import Busy, Reader, TooSlow
from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.tracing.lines import TracedLine

#: Files read at a time: each may take a core and, of a workbook, a process of its own.
_AT_A_TIME = 2


class ArchiveReader:
    """The archive and the lake of a warehouse. Safe to use by threads."""

    def __init__(self, settings: Settings, seconds: float) -> None:
        self._settings, self._seconds = settings, seconds
        self._free = threading.BoundedSemaphore(_AT_A_TIME)

    def lines(self, reader: Reader, file_id: str, line: int, sheet: str | None) -> list[TracedLine]:
        """The line, once for each sheet that has it; none if the release has no such file.

        Raises Busy, and TooSlow where the line is too far down to be reached in time.
        """
        # loaded when the first line is asked for: the readers are as heavy as all pages together
        from pipelines.tracing.lines import trace_lines
        from pipelines.tracing.release import account_of

        account = account_of(reader, file_id)
        if account is None:
            return []
        if not self._free.acquire(timeout=self._seconds):
            raise Busy
        end = time.monotonic() + self._seconds

        def tick() -> None:
            if time.monotonic() > end:
                raise TooSlow(file_id)

        try:
            return trace_lines(self._settings, reader, account, line, sheet, tick)
        finally:
            self._free.release()
