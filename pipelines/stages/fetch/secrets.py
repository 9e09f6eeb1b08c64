"""Secrets: read from the environment or a file when needed, and kept out of all that is said.

Nothing else reads one. `juandi.toml` holds names of variables and paths, never a secret itself.
"""

from __future__ import annotations

import base64
import logging
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

from pydantic import BaseModel, ConfigDict, model_validator

from pipelines.cleaning.identities import MASK, mask_text
from pipelines.stages.fetch.rules import PullFailed

_IN_URL = re.compile(r"(?<=://)[^/\s@]+@")
_QUERY = re.compile(r"(\w+://[^\s?#'\"]+)[?#][^\s'\"]*")
_MOST_CHARACTERS = 300
_TALKATIVE = (
    *("httpx2", "httpcore2", "asyncssh", "sshfs", "fsspec", "s3fs"),
    *("botocore", "aiobotocore", "aiohttp", "sqlalchemy", "pymysql", "psycopg"),
)


class Secret(BaseModel):
    """Where a secret is: `{ env = "NAME" }` or `{ file = "/run/secrets/name" }`."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
    env: str | None = None
    file: Path | None = None

    @model_validator(mode="before")
    @classmethod
    def _is_no_text(cls, given: Any) -> Any:
        if not isinstance(given, dict) or len(given.keys() & {"env", "file"}) != 1:
            raise ValueError(
                'a secret is written as { env = "NAME" } or { file = "/path" }, never itself'
            )
        return given

    def read(self) -> str:
        """The secret. Raises PullFailed (`pull.secret`) where there is none."""
        if self.env is not None:
            value = os.environ.get(self.env, "")
            where = f"${self.env}"
        else:
            where = str(self.file)
            try:
                value = Path(where).read_text(encoding="utf-8").rstrip("\r\n")
            except (OSError, UnicodeDecodeError) as error:
                raise PullFailed("pull.secret", f"{where}: {type(error).__name__}") from None
        if not value:
            raise PullFailed("pull.secret", f"{where}: empty")
        return value


@contextmanager
def quiet_libraries(*more: str) -> Iterator[None]:
    """No library tells of each request: some write addresses with all their parameters."""
    loggers = [logging.getLogger(name) for name in (*_TALKATIVE, *more)]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def hidden(text: object, secrets: Iterable[str] = ()) -> str:
    """A message of a library or a server as it may be shown: one line, not long.

    Without the given secrets in any of their spellings, what stands before @ in an address and
    after ? in it, and numbers of persons.
    """
    shown = " ".join(str(text).split())
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        spelt = base64.b64encode(secret.encode()).decode()
        for spelling in {secret, quote(secret, safe=""), quote_plus(secret), spelt, repr(secret)}:
            shown = shown.replace(spelling, MASK)
    shown = _QUERY.sub(r"\1?" + MASK, _IN_URL.sub(f"{MASK}@", shown))
    return mask_text(shown)[:_MOST_CHARACTERS]
