"""Folders, SFTP servers and object storage: places whose files can be listed, through fsspec.

Links are refused wherever they lead: a server's link may point at anything that its user may read.
"""

from __future__ import annotations

import asyncio
import posixpath
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from pipelines.settings import MIB
from pipelines.stages.fetch.declared import FolderPull, S3Pull, SftpPull
from pipelines.stages.fetch.offers import Landed, Offer, Offered, within
from pipelines.stages.fetch.rules import PullFailed
from pipelines.stages.fetch.secrets import hidden
from pipelines.stages.receive.landing import READ
from pipelines.stages.receive.pull import business_date

#: Asked for at once; a place that takes longer than `timeout` for it counts as gone.
_BLOCK = MIB
_MOST_DEEP = 32


class Tree:
    """A listed place. Raises PullFailed where it cannot be connected."""

    def __init__(self, pull: FolderPull | SftpPull | S3Pull) -> None:
        self._pull = pull
        self._secrets = pull.secrets()
        with self._said():
            self._fs, self._root = within(pull.timeout, self._connected)

    def _connected(self) -> tuple[Any, str]:
        pull = self._pull
        if isinstance(pull, SftpPull):
            return _sftp(pull, self._secrets), pull.folder.rstrip("/") or "/"
        if isinstance(pull, S3Pull):
            return _s3(pull, self._secrets), f"{pull.bucket}/{pull.prefix}".rstrip("/")
        from fsspec.implementations.local import LocalFileSystem

        return LocalFileSystem(), str(pull.folder.expanduser().resolve())

    @contextmanager
    def _said(self) -> Iterator[None]:
        """Turns what the libraries raise into PullFailed."""
        try:
            yield
        except PullFailed:
            raise
        except Exception as error:  # noqa: BLE001 - of any library
            raise failure(error, self._secrets.values()) from None

    def listing(self, landed: Landed) -> Offered:
        """Every file below the place that fits; oldest first."""
        found = Offered()
        with self._said():
            infos = list(self._infos(found))
        pull, sums = self._pull, set()
        if pull.checksums:
            sums = {info["name"] for info in infos if info["name"].endswith(pull.checksums)}
        for info in infos:
            name = self._relative(info["name"])
            is_link = bool(info.get("islink")) or info["type"] == "link"
            if not self._is_wanted(name, is_link=is_link) or info["name"] in sums:
                found.passed_over += 1
            elif is_link:
                found.refused.append(PullFailed("pull.link", name=name))
            elif info["type"] != "file":
                found.passed_over += 1
            else:
                found.offers.append(self._offer(name, info, sums))
        found.offers.sort(key=lambda o: (o.modified or datetime.min.replace(tzinfo=UTC), o.name))
        return found

    def _infos(self, found: Offered) -> Iterator[dict[str, Any]]:
        """What lies at the place, whatever it is; links are told and not entered."""
        is_flat = isinstance(self._pull, S3Pull)
        every = self._found() if is_flat else self._walk(self._root, 0, found)
        for number, info in enumerate(every, 1):
            if number > self._pull.max_files:
                raise PullFailed("pull.too_many", f"> {self._pull.max_files}")
            yield info

    def _found(self) -> Iterator[dict[str, Any]]:
        """S3's folders are a manner of speaking: one list of all keys."""
        listed = within(
            self._pull.minutes * 60, lambda: self._fs.find(self._root, detail=True, withdirs=False)
        )
        if not listed and not within(self._pull.timeout, lambda: self._bucket_is_there()):
            raise PullFailed("pull.not_found", self._pull.place)
        below = f"{self._root}/"
        yield from (info for path, info in listed.items() if path.startswith(below))

    def _bucket_is_there(self) -> bool:
        bucket = self._root.partition("/")[0]
        self._fs.call_s3("head_bucket", Bucket=bucket)
        return True

    def _walk(self, folder: str, depth: int, found: Offered) -> Iterator[dict[str, Any]]:
        if depth > _MOST_DEEP:
            name = self._relative(folder)
            found.refused.append(PullFailed("pull.name", "nested too deep", name=name))
            return
        listed = within(self._pull.timeout, lambda: self._fs.ls(folder, detail=True))
        for info in sorted(listed, key=lambda info: str(info["name"])):
            if info["type"] == "directory" and not info.get("islink"):
                if not posixpath.basename(info["name"].rstrip("/")).startswith("."):
                    yield from self._walk(info["name"].rstrip("/"), depth + 1, found)
            else:
                yield info

    def _relative(self, path: str) -> str:
        return path.removeprefix(f"{self._root.rstrip('/')}/")

    def _is_wanted(self, name: str, *, is_link: bool) -> bool:
        """By pattern, ending and day. Names that landing passes over are not fetched for it.

        A link without an ending may lead to a folder of files.
        """
        if any(part.startswith((".", "~$")) and part != ".." for part in name.split("/")):
            return False
        if PurePosixPath(name).suffix.lower() not in (READ | {""} if is_link else READ):
            return False
        if not any(_pattern(p).fullmatch(name) for p in self._pull.files):
            return False
        day = business_date(name)
        return day is None or self._pull.since is None or day >= self._pull.since

    def _offer(self, name: str, info: dict[str, Any], sums: set[str]) -> Offer:
        modified, size = _modified(info), info.get("size")
        tag = info.get("ETag")
        if tag is None and modified is not None:
            tag = f"{modified.timestamp():.6f}"
        beside = f"{info['name']}{self._pull.checksums}"
        return Offer(
            name=name,
            at=info["name"],
            size=None if size is None else int(size),
            modified=modified,
            version=None if tag is None else f"{tag} {size}",
            can_resume=tag is not None,
            checksum_at=beside if beside in sums else None,
        )

    def read(self, offer: Offer, start: int) -> Iterator[bytes]:
        """Its bytes from `start` on, a block at a time."""
        wait = self._pull.timeout
        with self._said():
            if self.again(offer).version != offer.version:
                raise PullFailed("pull.changed")
            file = within(
                wait,
                lambda: self._fs.open(offer.at, "rb", block_size=_BLOCK, **self._reading()),
            )
            try:
                within(wait, lambda: file.seek(start))
                while block := within(wait, lambda: file.read(_BLOCK)):
                    yield block
            finally:
                with suppress(Exception):
                    within(wait, file.close)

    def _reading(self) -> dict[str, Any]:
        """Blocks are read in order and once: nothing is cached."""
        return {"cache_type": "readahead"} if isinstance(self._pull, S3Pull) else {}

    def again(self, offer: Offer) -> Offer:
        """The file as it is now."""
        with self._said():
            self._fs.invalidate_cache()
            info = within(self._pull.timeout, lambda: self._fs.info(offer.at))
        sums = {offer.checksum_at} if offer.checksum_at else set()
        return self._offer(offer.name, {**info, "name": offer.at}, sums)

    def check_end(self, offer: Offer, size: int) -> None:
        """Its end is where reading ends."""

    def checksum(self, offer: Offer) -> str:
        """The first word of the file beside it, in small letters."""
        with self._said():
            text = within(self._pull.timeout, lambda: self._head(str(offer.checksum_at)))
        words = text.decode("ascii", "replace").split()
        return words[0].lower() if words else ""

    def _head(self, path: str) -> bytes:
        with self._fs.open(path, "rb") as file:
            return bytes(file.read(4096))

    def close(self) -> None:
        """Ends the SSH session, whose server may be gone."""
        client = getattr(self._fs, "client", None)
        if isinstance(self._pull, SftpPull) and client is not None:
            with suppress(Exception):
                self._fs.loop.call_soon_threadsafe(client.abort)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """A pattern of paths: `*` and `?` stay within a folder, `**` does not."""
    words = re.split(r"(\*\*/|\*\*|\*|\?)", text)
    means = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(means.get(word) or re.escape(word) for word in words))


def _modified(info: dict[str, Any]) -> datetime | None:
    found = info.get("mtime", info.get("LastModified"))
    if isinstance(found, int | float):
        return datetime.fromtimestamp(found, UTC)
    return found if isinstance(found, datetime) else None


def _sftp(pull: SftpPull, secrets: dict[str, str]) -> Any:
    from sshfs import SSHFileSystem

    known = pull.known_hosts.expanduser()
    if not known.is_file():
        raise PullFailed("pull.host_key", f"no file {known}")
    options: dict[str, Any] = {
        "known_hosts": str(known),  # without it the library takes any server
        "config": None,  # nothing of this machine's ssh settings
        "agent_path": None,
        "client_keys": [str(pull.key.expanduser())] if pull.key else None,
        "password": secrets.get("password"),
        "connect_timeout": pull.timeout,
        "login_timeout": pull.timeout,
        "keepalive_interval": max(pull.timeout / 3, 1),
        "keepalive_count_max": 3,
    }
    if pull.passphrase:
        options["passphrase"] = secrets["passphrase"]
    return SSHFileSystem(
        pull.host, port=pull.port, username=pull.user, skip_instance_cache=True, **options
    )


def _s3(pull: S3Pull, secrets: dict[str, str]) -> Any:
    from s3fs import S3FileSystem

    found = S3FileSystem(
        anon=pull.anonymous,
        key=secrets.get("key_id"),
        secret=secrets.get("secret"),
        endpoint_url=pull.endpoint,
        client_kwargs={"region_name": pull.region} if pull.region else {},
        config_kwargs={
            "connect_timeout": pull.timeout,
            "read_timeout": pull.timeout,
            "retries": {"max_attempts": 1},  # tried again by us, who know the time that is left
        },
        use_listings_cache=False,
        skip_instance_cache=True,
    )
    found.retries = 1
    return found


def failure(error: BaseException, secrets: Any = ()) -> PullFailed:
    """The rule behind an error of asyncssh, botocore or the system."""
    said = hidden(error, secrets) or type(error).__name__
    name = type(error).__name__
    chain = [error, error.__cause__, error.__context__]
    code = next((c for e in chain if (c := _s3_code(e))), "")
    match name:
        case "HostKeyNotVerifiable" | "HostKeyAlgNotAvailable":
            return PullFailed("pull.host_key", said)
        case "PermissionDenied" | "KeyImportError" | "KeyEncryptionError":
            return PullFailed("pull.not_authenticated", said)
        case "NoCredentialsError" | "PartialCredentialsError":
            return PullFailed("pull.not_authenticated", said)
        case "FileExpired":
            return PullFailed("pull.changed")
    if code in {"SlowDown", "503", "500", "InternalError", "ServiceUnavailable", "RequestTimeout"}:
        return PullFailed("pull.busy", code)
    if code in {"404", "NoSuchBucket", "NoSuchKey"}:
        return PullFailed("pull.not_found", code)
    if code in {"403", "401", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"}:
        return PullFailed("pull.not_authenticated", code)
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return PullFailed("pull.not_found")
    if isinstance(error, PermissionError):
        return PullFailed("pull.not_authenticated", said)
    if isinstance(error, ImportError):
        return PullFailed("pull.library", said)
    known = isinstance(error, OSError | TimeoutError | EOFError | asyncio.TimeoutError)
    module = type(error).__module__.partition(".")[0]
    if known or module in {"asyncssh", "botocore", "aiobotocore", "aiohttp", "fsspec", "s3fs"}:
        return PullFailed("pull.unreachable", f"{name}: {said}")
    return PullFailed("pull.unexpected", f"{name}: {said}")


def _s3_code(error: BaseException | None) -> str:
    response = getattr(error, "response", None)
    if not isinstance(response, dict):
        return ""
    return str(response.get("Error", {}).get("Code", ""))
