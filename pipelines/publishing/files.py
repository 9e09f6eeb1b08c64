"""Atomic moves of whole files, which hold through a crash or a full disk.

A reader who opens a path sees either the old file or the new one, never a part of it:
new content is written under an unfinished name on the same file system and renamed over.

The system keeps every page of a file that was read or written in case it is read again. A night
reads gigabytes only once: their pages push out others that are needed, and finding and clearing a
page for the next ones takes time (43 of 54 CPU seconds when receiving 11 GB). So `forget_pages` is
called once a large file is no longer needed.
"""

from __future__ import annotations

import os
from pathlib import Path

#: Suffix of a file that is being written; `recovering` clears it up after a crash.
UNFINISHED = ".unfinished"
_COPY_BYTES = 64 * 1024 * 1024


def unfinished(target: Path) -> Path:
    """The name under which the content of `target` is prepared, in the same folder."""
    return target.with_name(f".{target.name}{UNFINISHED}")


def sync_file(path: Path) -> None:
    """Waits until the file's bytes, or the folder's names, are on the disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows cannot open a folder; its renames are journalled
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def forget_pages(handle: int, until: int = 0) -> None:
    """Drops the first `until` bytes (0: all) of an open file from the system's page cache.

    Pages that are still to be written to the disk stay.
    """
    if hasattr(os, "posix_fadvise"):  # Linux and most Unixes
        os.posix_fadvise(handle, 0, until, os.POSIX_FADV_DONTNEED)


def copy_bytes(source: Path, target: Path) -> None:
    """Copies a file without syncing it to the disk. Raises OSError."""
    with source.open("rb") as reader, target.open("wb") as writer:
        done, size = 0, os.fstat(reader.fileno()).st_size
        if hasattr(os, "copy_file_range"):  # in the kernel, shared blocks where there are any
            while done < size:
                done += os.copy_file_range(reader.fileno(), writer.fileno(), _COPY_BYTES)
                forget_pages(reader.fileno(), done)
        else:
            while block := reader.read(_COPY_BYTES):
                done += writer.write(block)
                forget_pages(reader.fileno(), done)


def prepare_copy(source: Path, target: Path) -> Path:
    """Copies `source` to the unfinished name of `target`, syncs it and returns that name.

    A copy and not a hard link: an analyst who opens the published file for writing must neither
    change nor lock the kept one. Raises OSError with nothing left behind.
    """
    copy = unfinished(target)
    try:
        copy_bytes(source, copy)
        sync_file(copy)
        with copy.open("rb") as written:
            forget_pages(written.fileno())
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    return copy


def move(source: Path, target: Path) -> None:
    """Renames over `target` in one step and syncs the folders to the disk. Raises OSError."""
    source.replace(target)
    sync_file(target.parent)
    if source.parent != target.parent:
        sync_file(source.parent)
