"""`[pull.<name>]` of `juandi.toml`: from where a source's files are pulled, and within what limits.

A pull is one place of one source. What is declared wrongly is a wrong setting and stops the
refresh before it begins; what fails later concerns that pull alone.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PositiveInt,
    RootModel,
    ValidationError,
    model_validator,
)

from pipelines.settings import MIB, Settings, SettingsError, config_of
from pipelines.sources import SOURCES
from pipelines.stages.fetch.secrets import Secret
from pipelines.stages.receive.landing import READ

_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
_SECRET_NAME = re.compile(r"auth|token|key|secret|cookie|passw|sign", re.IGNORECASE)
_DAY = re.compile(r"\{(?:next_)?day[:}]")
_SINCE = re.compile(r"\{since[:}]")
_BOUND_DAY = re.compile(r"(?<!:):(?:next_)?day\b")
_BOUND_SINCE = re.compile(r"(?<!:):since\b")


class AnyPull(BaseModel):
    """What every pull has.

    `timeout` is of one answer, `minutes` of the whole pull, `first_wait` of the first pause before
    another try; each pause is about twice the one before.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
    name: str
    source: str
    attempts: PositiveInt = 4
    first_wait: Annotated[float, Field(ge=0)] = 1.0  # seconds
    timeout: Annotated[float, Field(gt=0)] = 30.0  # seconds
    minutes: Annotated[float, Field(gt=0)] = 15.0
    max_bytes: PositiveInt = 8 * 1024 * MIB  # of one file
    max_files: PositiveInt = 100_000

    @model_validator(mode="after")
    def _is_known(self) -> AnyPull:
        if self.source not in SOURCES:
            raise ValueError(f"source: no source is called {self.source!r}")
        return self

    def secrets(self) -> dict[str, str]:
        """Field → secret, of every secret of the pull. Raises PullFailed."""
        found = {}
        for field in type(self).model_fields:
            value = getattr(self, field)
            if isinstance(value, Secret):
                found[field] = value.read()
            elif isinstance(value, dict):
                found |= {
                    f"{field}.{key}": part.read()
                    for key, part in value.items()
                    if isinstance(part, Secret)
                }
        return found

    def filled(self, field: str, secrets: dict[str, str]) -> dict[str, str]:
        """A table of texts and secrets, as texts."""
        return {
            key: secrets[f"{field}.{key}"] if isinstance(part, Secret) else str(part)
            for key, part in getattr(self, field).items()
        }


class Listed(AnyPull):
    """A place whose files can be listed.

    `files` are patterns of the path below the place (`**` for any depth), of which one must fit.
    `since`: files whose name has an earlier day are left. `checksums`: where a file of the same
    name with this ending lies beside one, it holds its checksum (`.sha256` or `.md5`).
    """

    files: tuple[str, ...] = ("**",)
    since: date | None = None
    checksums: Literal[".sha256", ".md5"] | None = None


class FolderPull(Listed):
    """A folder of this machine, or mounted on it."""

    kind: Literal["folder"]
    folder: Path

    @property
    def place(self) -> str:
        """What is shown of where it is."""
        return str(self.folder)


class SftpPull(Listed):
    """A folder of an SFTP server, whose host key stands in `known_hosts`."""

    kind: Literal["sftp"]
    host: str
    port: PositiveInt = 22
    user: str
    folder: str = "."
    password: Secret | None = None
    key: Path | None = None
    passphrase: Secret | None = None
    known_hosts: Path = Path("~/.ssh/known_hosts")

    @property
    def place(self) -> str:
        """What is shown of where it is."""
        return f"sftp://{self.host}:{self.port}/{self.folder.lstrip('/')}"


class S3Pull(Listed):
    """A bucket of S3, or of what speaks its language (OSS, COS, MinIO).

    Without `key_id` the machine's own credentials are used, as every AWS tool finds them.
    """

    kind: Literal["s3"]
    bucket: str
    prefix: str = ""
    endpoint: str | None = None
    region: str | None = None
    key_id: Secret | None = None
    secret: Secret | None = None
    anonymous: bool = False

    @model_validator(mode="after")
    def _is_one_identity(self) -> S3Pull:
        if (self.key_id is None) != (self.secret is None):
            raise ValueError("key_id and secret go together")
        _plain_address("endpoint", self.endpoint)
        return self

    @property
    def place(self) -> str:
        """What is shown of where it is."""
        return f"s3://{self.bucket}/{self.prefix}"


class ByDay(AnyPull):
    """What is asked for by day, or since a day: not listed, so what is due is reckoned.

    `first_day` is the first to be asked for; the last `again` days are asked for again each night.
    """

    first_day: date | None = None
    again: Annotated[int, Field(ge=0)] = 1

    @property
    def asks(self) -> Literal["day", "since", "all"]:
        """A file for each day; what is new since the newest file; or all that there is."""
        raise NotImplementedError

    @model_validator(mode="after")
    def _has_first_day(self) -> ByDay:
        if self.asks != "all" and self.first_day is None:
            raise ValueError("first_day is needed: the first day to ask for")
        return self


class Paging(BaseModel):
    """How a list comes page by page.

    Paths (`rows`, `total`, `next`) are keys joined by dots. Either `number` is the parameter of the
    page's number, or `cursor` that of a text that the page before gives at `next`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
    rows: str
    number: str | None = None
    first: int = 1
    cursor: str | None = None
    next: str | None = None
    total: str | None = None

    @model_validator(mode="after")
    def _is_one_way(self) -> Paging:
        if (self.number is None) == (self.cursor is None):
            raise ValueError("pages: either number or cursor is needed")
        if (self.cursor is None) != (self.next is None):
            raise ValueError("pages: cursor and next go together")
        return self


class HttpPull(ByDay):
    """A file at an address, or the rows of a JSON interface page by page.

    `{day}`, `{next_day}` and `{since}` in address and parameters are dates (`{day:%Y%m%d}`).
    """

    kind: Literal["http"]
    url: str
    params: dict[str, str | int | Secret] = {}
    headers: dict[str, str | Secret] = {}
    user: str | None = None
    password: Secret | None = None
    ca: Path | None = None  # certificates to trust beside the system's
    pages: Paging | None = None
    ending: str | None = None  # of the file's name, where the address does not have it

    @model_validator(mode="after")
    def _is_safe(self) -> HttpPull:
        if not self.url.startswith(("http://", "https://")):
            raise ValueError("url: it begins with https:// or http://")
        _plain_address("url", self.url)
        for field in ("params", "headers"):
            for key, value in getattr(self, field).items():
                if _SECRET_NAME.search(key) and not isinstance(value, Secret):
                    raise ValueError(
                        f'{field}.{key}: looks like a secret; write {{ env = "NAME" }} or '
                        '{ file = "/path" }'
                    )
        day = date(2024, 8, 2)
        for field, text in {"url": self.url, **self.params}.items():
            try:
                str(text).format(day=day, next_day=day, since=day)
            except (KeyError, ValueError, IndexError, AttributeError):
                raise ValueError(
                    f"{field}: braces hold day, next_day or since; others are written {{{{ and }}}}"
                ) from None
        if self.pages is None and self.suffix not in READ:
            raise ValueError("ending: needed where the address does not end in .csv, .xlsx …")
        return self

    @property
    def asks(self) -> Literal["day", "since", "all"]:
        """By what its address and parameters say."""
        text = " ".join([self.url, *(str(v) for v in self.params.values())])
        return "day" if _DAY.search(text) else "since" if _SINCE.search(text) else "all"

    @property
    def suffix(self) -> str:
        """The ending of the names of its files."""
        if self.pages is not None:
            return ".jsonl"
        path = self.url.partition("?")[0].rpartition("/")[2]
        return (self.ending or (f".{path.rpartition('.')[2]}" if "." in path else "")).lower()

    @property
    def place(self) -> str:
        """What is shown of where it is."""
        return self.url.partition("?")[0]


class SqlPull(ByDay):
    """A query of a PostgreSQL or MySQL database; `:day`, `:next_day` and `:since` in it are dates.

    `options` go to the driver, such as `sslmode` of PostgreSQL.
    """

    kind: Literal["sql"]
    dialect: Literal["postgresql", "mysql"]
    host: str
    port: PositiveInt | None = None
    database: str
    user: str
    password: Secret | None = None
    query: str
    options: dict[str, str | int | bool] = {}

    @property
    def asks(self) -> Literal["day", "since", "all"]:
        """By what its query names."""
        if _BOUND_DAY.search(self.query):
            return "day"
        return "since" if _BOUND_SINCE.search(self.query) else "all"

    @property
    def place(self) -> str:
        """What is shown of where it is."""
        port = f":{self.port}" if self.port else ""
        return f"{self.dialect}://{self.host}{port}/{self.database}"


Pull: TypeAlias = FolderPull | SftpPull | S3Pull | HttpPull | SqlPull


class _OnePull(RootModel[Annotated[Pull, Field(discriminator="kind")]]):
    """A pull of whichever kind."""


def _plain_address(field: str, url: str | None) -> None:
    if url and "@" in url.partition("://")[2].partition("/")[0]:
        raise ValueError(f"{field}: no user and password in an address; use the settings for them")
    for key in re.findall(r"[?&]([^=&]+)=", url or ""):
        if _SECRET_NAME.search(key):
            raise ValueError(f"{field}: put {key} into params, as a secret")


def declared_pulls(settings: Settings) -> list[Pull]:
    """Every pull of `juandi.toml`, in its order. Raises SettingsError, without any secret."""
    return [_declared(name, given) for name, given in config_of(settings, "pull").items()]


def _declared(name: str, given: Any) -> Pull:
    where = f"juandi.toml [pull.{name}]"
    if not _NAME.fullmatch(name):
        raise SettingsError(f"{where}: a name has small letters, digits and _ only")
    if not isinstance(given, dict):
        raise SettingsError(f"{where}: a table is expected")
    try:
        return _OnePull.model_validate({**given, "name": name}).root
    except ValidationError as error:
        raise SettingsError(f"{where}: {_said(error)}") from None


def _said(error: ValidationError) -> str:
    """The first thing that is wrong, without the value that is."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    field = ".".join(str(part) for part in first["loc"][1:] if part not in {"str", "int", "Secret"})
    words = str(first["msg"]).removeprefix("Value error, ")
    return f"{field}: {words}" if field else words
