"""Pseudonyms of donors: the key, keyed pseudonyms, and donors who did not want to be named.

A pseudonym is HMAC-SHA256 of the donor's strongest identifier under a key that is not part of
the warehouse, cut to 128 bits. Without the key it can be neither reversed nor recomputed.
`organizations` decides which names are an organisation's, `identities` which numbers a person's.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection
from pathlib import Path

import polars as pl
import polars_hash as plh

from pipelines.cleaning import identities
from pipelines.cleaning.text import distinct, tidy
from pipelines.settings import Settings, SettingsError

KEY_FILE = "pseudonym.key"
_LEAST_KEY_LENGTH = 16

#: Names given for donors who did not want to be named.
_ANONYMOUS = r"^(?:匿名.*|无名.*|未留名|不详|爱心人士|爱心网友|热心网友|好心人|社会爱心人士|网友)$"


def pseudonym_key(settings: Settings) -> str:
    """The key: configured, else from the warehouse's secrets, where it is created once (0600).

    Raises SettingsError if a configured key is too short to protect anybody.
    """
    if settings.pseudonym_key is not None:
        if len(settings.pseudonym_key) < _LEAST_KEY_LENGTH:
            raise SettingsError(
                f"JUANDI_PSEUDONYM_KEY: 至少需要 {_LEAST_KEY_LENGTH} 个字符 / "
                f"at least {_LEAST_KEY_LENGTH} characters are needed"
            )
        return settings.pseudonym_key
    path: Path = settings.secrets / KEY_FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(secrets.token_hex(32))
        draft.replace(path)
    return path.read_text().strip()


def donor_key(identifiers: list[tuple[str, pl.Series]], key: str, *, namespace: str) -> pl.Series:
    """Pseudonyms (32 hex digits) of the first identifier that each row has; null if it has none.

    `namespace` and the identifier's name keep equal numbers of two platforms distinct.
    """
    frame = pl.DataFrame(dict(identifiers))
    first = pl.coalesce(
        pl.lit(f"{namespace}:{name}:") + pl.col(name) for name, _ in identifiers
    ).alias("first")
    hashed = plh.col("first").chash.hmac_sha256(key=key)
    return frame.select(first).select(hashed.str.slice(0, 32).alias("donor_key"))["donor_key"]


def is_anonymous(name: pl.Expr) -> pl.Expr:
    """True where the name says that the donor did not want to be named."""
    return name.str.contains(_ANONYMOUS)


def free_text(raw: pl.Series, values: Collection[str] = ()) -> pl.Series:
    """A text column after `tidy`, with numbers of people masked (law 9)."""
    few = distinct(raw)
    text = tidy(raw, few, values)
    return identities.mask(text, text if few is raw else tidy(few, values=values))
