"""Moves of whole files that are either done or not done, also through a crash or a full disk.

A reader opens a path and sees the file that was there or the file that comes, never a part:
new content is written under an unfinished name on the same file system and renamed over.

The system keeps every page of a file that was read or written, in case it is read again. A night
goes through gigabytes once: kept, they push out what is needed, and a page for the next ones has to
be found and cleared first (of receiving 11 GB that was 43 of 54 CPU seconds). So whoever has done
with a large file says so.
"""

from __future__ import annotations

import os
from pathlib import Path

#: Ends the name of a file that is being written; after a crash it is worth nothing by itself.
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
    """Says of an open file that its first `until` bytes (0: all) are not wanted again.

    Their pages go to whoever asks next; what is still on its way to the disk stays.
    """
    if hasattr(os, "posix_fadvise"):  # Linux and most Unixes
        os.posix_fadvise(handle, 0, until, os.POSIX_FADV_DONTNEED)


def copy_bytes(source: Path, target: Path) -> None:
    """Copies a file, and waits for no disk. Raises OSError."""
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
    """Copies `source` to the unfinished name of `target`, onto the disk, and returns that name.

    A copy and not a hard link: an analyst who opens the published file for writing must neither
    change nor lock the kept one. Raises OSError with nothing left behind.
    """
    copy = unfinished(target)
    try:
        copy_bytes(source, copy)
        sync_file(copy)
        with copy.open("rb") as whole:
            forget_pages(whole.fileno())
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    return copy


def move(source: Path, target: Path) -> None:
    """Renames over `target` in one step, and waits until the folders know. Raises OSError."""
    source.replace(target)
    sync_file(target.parent)
    if source.parent != target.parent:
        sync_file(source.parent)
