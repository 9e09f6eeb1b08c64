"""The pseudonym key of a warehouse, and the check that it stays the same.

With another key every donor would get another pseudonym. A mark derived from the key is kept in the
archive's catalogue to recognise it; the key itself is not. Names become pseudonyms in
`cleaning.people`.
"""

from __future__ import annotations

import hashlib
import hmac

from pipelines.cleaning.people import KEY_FILE, pseudonym_key
from pipelines.settings import Settings, SettingsError
from pipelines.stages.store.catalog import Catalog

_MARK = "pseudonym_key"


def mark_of(key: str) -> str:
    return hmac.new(key.encode(), b"juandi: the mark of a key", hashlib.sha256).hexdigest()[:16]


def has_key(settings: Settings) -> bool:
    """True if a key is configured or kept in the warehouse."""
    return settings.pseudonym_key is not None or (settings.secrets / KEY_FILE).exists()


def _known_mark(settings: Settings) -> str | None:
    with Catalog(settings).archive() as db:
        row = db.execute("select value from marks where name = ?", (_MARK,)).fetchone()
    return str(row[0]) if row else None


def check_key(settings: Settings) -> str | None:
    """The mark of the key used so far. Raises SettingsError if the key is lost or has changed."""
    mark = _known_mark(settings)
    # rows loaded before marks existed were pseudonymised under some key, too
    is_used = mark is not None or (
        Catalog(settings).lake_file.exists() and bool(Catalog(settings).outcomes())
    )
    if is_used and not has_key(settings):
        raise SettingsError(_lost(settings, "不见了", "is missing"))
    if mark is not None and mark != mark_of(pseudonym_key(settings)):
        raise SettingsError(_lost(settings, "不是原来的密钥", "is not the one used so far"))
    return mark


def held_key(settings: Settings) -> str:
    """The key, made at the first load. Raises SettingsError if it is lost or has changed."""
    mark = check_key(settings)
    key = pseudonym_key(settings)
    if mark is None:
        set_mark(settings, key)
    return key


def set_mark(settings: Settings, key: str) -> None:
    """Makes `key` the warehouse's key from now on."""
    with Catalog(settings).archive() as db:
        db.execute("insert or replace into marks values (?, ?)", (_MARK, mark_of(key)))


def take_new_key(settings: Settings) -> None:
    """Accepts the present key, or makes one; for `--full`, which reads all rows again."""
    set_mark(settings, pseudonym_key(settings))


def _lost(settings: Settings, zh: str, en: str) -> str:
    place = "JUANDI_PSEUDONYM_KEY" if settings.pseudonym_key else str(settings.secrets / KEY_FILE)
    return (
        f"{place}：化名密钥{zh}；换用别的密钥，所有捐款人都会变成另一个人。请从备份恢复该密钥；"
        "若已无法找回，用 `juandi refresh --full --new-key` 以新密钥重读全部文件 / "
        f"the pseudonym key {en}; with another key every donor would get another pseudonym. "
        "Restore it from a backup; if it is lost for good, run `juandi refresh --full --new-key` "
        "to read every file again under a new key"
    )
