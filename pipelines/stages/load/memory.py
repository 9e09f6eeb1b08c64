"""Settings of glibc's allocator, so that memory freed after a file goes back to the system.

With every large block that is freed, glibc raises the size above which it uses mmap, and from then
on keeps such blocks in an arena per thread: after forty files a load had twice the memory it
needed. Using mmap for every block of a megabyte is no better: a tenth of a load went
into zeroing fresh pages. The thresholds are fixed here, once per process; other C libraries are
left as they are.
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache

from pipelines.settings import MIB

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8  # of glibc's malloc.h


@cache
def return_large_blocks() -> None:
    """Blocks of 32 MiB go back to the system when they are freed, smaller ones from 64 MiB on."""
    if sys.platform != "linux":
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):  # musl has none
        return
    mallopt(_M_MMAP_THRESHOLD, 32 * MIB)
    mallopt(_M_TRIM_THRESHOLD, 64 * MIB)
    mallopt(_M_ARENA_MAX, 2)
