"""The pseudonym key of a warehouse, and that it stays the same one.

Under another key every donor would be somebody else. A mark that the key leaves in the archive's
catalogue tells whether it is still the same; the key itself is no part of it. How names become
pseudonyms is `cleaning.people`'s.
"""

from __future__ import annotations

import hashlib
import hmac

from pipelines.cleaning.people import KEY_FILE, pseudonym_key
from pipelines.settings import Settings, SettingsError
from pipelines.stages.store.catalog import Catalog

_MARK = "pseudonym_key"


def _mark_of(key: str) -> str:
    return hmac.new(key.encode(), b"juandi: the mark of a key", hashlib.sha256).hexdigest()[:16]


def has_key(settings: Settings) -> bool:
    """True where a key is configured or kept."""
    return settings.pseudonym_key is not None or (settings.secrets / KEY_FILE).exists()


def _known_mark(settings: Settings) -> str | None:
    with Catalog(settings).archive() as db:
        row = db.execute("select value from marks where name = ?", (_MARK,)).fetchone()
    return str(row[0]) if row else None


def check_key(settings: Settings) -> str | None:
    """The mark that the key left. Raises SettingsError where the key is lost or another one."""
    mark = _known_mark(settings)
    # rows from before keys left a mark are pseudonyms under some key, too
    is_used = mark is not None or (
        Catalog(settings).lake_file.exists() and bool(Catalog(settings).outcomes())
    )
    if is_used and not has_key(settings):
        raise SettingsError(_lost(settings, "不见了 / is missing"))
    if mark is not None and mark != _mark_of(pseudonym_key(settings)):
        raise SettingsError(_lost(settings, "不是原来的密钥 / is not the one used so far"))
    return mark


def held_key(settings: Settings) -> str:
    """The key, made at the first load. Raises SettingsError where it is lost or another one."""
    mark = check_key(settings)
    key = pseudonym_key(settings)
    if mark is None:
        set_mark(settings, key)
    return key


def set_mark(settings: Settings, key: str) -> None:
    """From now on this is the warehouse's key."""
    with Catalog(settings).archive() as db:
        db.execute("insert or replace into marks values (?, ?)", (_MARK, _mark_of(key)))


def take_new_key(settings: Settings) -> None:
    """Accepts the key that is there, or a new one; for `--full`, which reads all rows again."""
    set_mark(settings, pseudonym_key(settings))


def _lost(settings: Settings, what: str) -> str:
    place = "JUANDI_PSEUDONYM_KEY" if settings.pseudonym_key else str(settings.secrets / KEY_FILE)
    return (
        f"{place}：假名密钥{what}: under another key every donor would be somebody else. "
        "从备份恢复该密钥；若已无法找回，用 `juandi refresh --full --new-key` 以新密钥重读全部 / "
        "put it back from a backup; if it is lost for good, `juandi refresh --full --new-key` "
        "reads every file again under a new one"
    )
