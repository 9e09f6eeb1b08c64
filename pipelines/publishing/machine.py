"""Conditions of the machine, in words a person can act on: a full disk, a read-only folder.

They are not faults of one file, which affect that file only. Libraries put the system's error into
their own messages, so its number is searched for there too.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Condition:
    """What is wrong with the machine, and what to do. `is_setting`: the settings must change."""

    name: str
    zh: str
    en: str
    is_setting: bool = False

    @property
    def sentence(self) -> str:
        """Both languages, with the remedy."""
        return f"{self.zh} / {self.en}"


FULL = Condition(
    "full",
    "磁盘已满（或超出配额），已停止；腾出空间后重新运行，未完成的部分会自动清理",
    "the disk is full, or a quota or limit is reached: free some space and run it again; "
    "unfinished files are cleaned up by the next start",
)
READ_ONLY = Condition(
    "read_only",
    "仓库所在的文件系统只读；请以可写方式挂载，或用 --warehouse 另选目录",
    "the warehouse is on a read-only file system: mount it for writing, or choose "
    "another --warehouse DIR",
    is_setting=True,
)
FORBIDDEN = Condition(
    "forbidden",
    "没有访问权限；请用 chown 或 chmod 更正，或用 --warehouse 另选目录",
    "access is denied: chown or chmod it, or choose another --warehouse DIR",
    is_setting=True,
)
NO_FOLDER = Condition(
    "no_folder",
    "应为目录的位置上有一个文件；请移走它，或用 --warehouse 另选目录",
    "a file is in the place of a folder: move it away, or choose another --warehouse DIR",
    is_setting=True,
)
BROKEN_DISK = Condition(
    "broken_disk",
    "磁盘读写出错；请检查硬件与挂载后重新运行",
    "the disk cannot be read or written: check the hardware and the mount, then run it again",
)
TOO_MANY_OPEN = Condition(
    "too_many_open",
    "打开的文件过多；请调高 ulimit -n 后重新运行",
    "too many files are open: raise ulimit -n and run it again",
)
NO_MEMORY = Condition(
    "no_memory",
    "内存不足；请关闭其他程序，或用 JUANDI_MEMORY_LIMIT 调整上限后重新运行",
    "there is not enough memory: close other programs, or set JUANDI_MEMORY_LIMIT to what the "
    "machine can spare, and run it again",
)
LOCKED = Condition(
    "locked",
    "文件正被其他程序占用；请关闭该程序后重新运行",
    "another program holds the file: close it and run it again",
)

_BY_NUMBER = {
    errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EFBIG: FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: FORBIDDEN, errno.EPERM: FORBIDDEN,
    errno.ENOTDIR: NO_FOLDER, errno.EEXIST: NO_FOLDER, errno.EISDIR: NO_FOLDER,
    errno.EIO: BROKEN_DISK, errno.ESTALE: BROKEN_DISK, errno.ENODEV: BROKEN_DISK,
    errno.EMFILE: TOO_MANY_OPEN, errno.ENFILE: TOO_MANY_OPEN,
    errno.ENOMEM: NO_MEMORY,
}  # fmt: skip # a table
_NUMBER = re.compile(r"\[Errno (\d+)\]|\(os error (\d+)\)")
_WORDS = (
    (FULL, r"No space left on device|database or disk is full|Disk quota exceeded|File too large"),
    (READ_ONLY, r"Read-only file system|readonly database"),
    (NO_MEMORY, r"Out of Memory Error|OutOfMemoryException"),
    (LOCKED, r"Could not set lock|Conflicting lock|database is locked"),
    (TOO_MANY_OPEN, r"Too many open files"),
    (FORBIDDEN, r"Permission denied|unable to open database file"),
    (BROKEN_DISK, r"Input/output error|disk I/O error"),
)


def condition_of_text(text: str) -> Condition | None:
    """The condition that an error message reports; None if it reports none."""
    for plain, rust in _NUMBER.findall(text):
        found = _BY_NUMBER.get(int(plain or rust))
        if found is not None:
            return found
    return next((found for found, words in _WORDS if re.search(words, text)), None)


def condition(error: BaseException) -> Condition | None:
    """The condition of the machine behind an error, or None if something else is at fault.

    The error's causes are searched too.
    """
    for part in with_causes(error):
        found = None
        if isinstance(part, OSError) and part.errno is not None:
            found = _BY_NUMBER.get(part.errno)
        found = found or condition_of_text(str(part))
        if found is not None:
            return found
    return None


def with_causes(error: BaseException) -> Iterator[BaseException]:
    """An error, what caused it or was being handled, and so on."""
    seen: set[int] = set()
    part: BaseException | None = error
    while part is not None and id(part) not in seen:
        seen.add(id(part))
        yield part
        part = part.__cause__ or part.__context__
