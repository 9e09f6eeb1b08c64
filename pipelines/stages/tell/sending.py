"""Sends a night's news through apprise, each message once to each receiver.

A receiver that is down is told the next night; nothing here can fail a night.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.settings import BEIJING, Settings, SettingsError, config_of
from pipelines.stages.fetch.offers import within
from pipelines.stages.fetch.rules import PullFailed
from pipelines.stages.fetch.secrets import Secret, hidden, quiet_libraries
from pipelines.stages.tell.news import News, NightTold, news_of

_SECONDS = 20.0
_TABLE = """
create table if not exists told (
    receiver text not null, key text not null, at text not null, primary key (receiver, key)
)
"""


class Alerts(BaseModel):
    """`[alerts]` of `juandi.toml`: addresses of apprise, and what is told."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
    to: tuple[Secret, ...]
    tell: tuple[Literal["failure", "gate", "held", "pull", "stale", "digest"], ...] = (
        *("failure", "gate", "held", "pull", "stale", "digest"),
    )
    stale_hours: Annotated[int, Field(gt=0)] = 72


@dataclass(frozen=True)
class Sent:
    """How telling a receiver went: messages that it took, and why not where it did not."""

    receiver: str
    sent: int = 0
    trouble: str | None = None


def declared_alerts(settings: Settings) -> Alerts | None:
    """`[alerts]`, None where there is none. Raises SettingsError, without any secret."""
    table = config_of(settings, "alerts")
    if not table:
        return None
    try:
        return Alerts.model_validate(table)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"juandi.toml [alerts]: {place}: {first['msg']}") from None


def tell(settings: Settings, night: NightTold, now: datetime | None = None) -> list[Sent]:
    """Tells what each receiver has not been told yet; forgets what is no news any more."""
    alerts = declared_alerts(settings)
    if alerts is None:
        return []
    moment = now or datetime.now(BEIJING)
    every = list(news_of(settings, night, moment, alerts.stale_hours))
    news = [one for one in every if one.event in alerts.tell]
    return [
        _told(settings, n, secret, news, moment, night.knows)
        for n, secret in enumerate(alerts.to, 1)
    ]


def tell_test(settings: Settings, now: datetime | None = None) -> list[Sent]:
    """Sends a message to each receiver, whatever they were told."""
    alerts = declared_alerts(settings)
    if alerts is None:
        return []
    at = (now or datetime.now(BEIJING)).strftime("%Y-%m-%d %H:%M")
    news = News("test", "", "涓滴：测试 / Juandi: a test", f"{at}: 收到即可 / all is well.")
    return [_sent(n, secret, [news])[0] for n, secret in enumerate(alerts.to, 1)]


def _told(
    settings: Settings,
    number: int,
    secret: Secret,
    news: list[News],
    now: datetime,
    is_over: Callable[[str], bool],
) -> Sent:
    """`is_over`: of a key that is not among the news, whether it is none any more."""
    try:
        receiver = hashlib.sha256(secret.read().encode()).hexdigest()[:16]
        with _memory(settings) as db:
            known = {
                key for (key,) in db.execute("select key from told where receiver = ?", (receiver,))
            }
            due = [one for one in news if one.key not in known]
            sent, took = _sent(number, secret, due)
            at = now.isoformat(timespec="seconds")
            db.executemany(
                "insert or replace into told values (?, ?, ?)",
                [(receiver, one.key, at) for one in took],
            )
            gone = {key for key in known - {one.key for one in news} if is_over(key)}
            db.executemany(
                "delete from told where receiver = ? and key = ? and key not like 'digest:%'",
                [(receiver, key) for key in gone],
            )
    except PullFailed as failed:
        return Sent(f"{number}", trouble=failed.reason)
    except (OSError, sqlite3.Error) as error:
        return Sent(f"{number}", trouble=type(error).__name__)
    return sent


@contextmanager
def _memory(settings: Settings) -> Iterator[sqlite3.Connection]:
    """What was told; if it is lost, what is still news is told once more."""
    path = settings.told
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=60)) as db, db:
        db.execute(_TABLE)
        yield db


def _sent(number: int, secret: Secret, news: Iterable[News]) -> tuple[Sent, list[News]]:
    """Sends; gives how it went and what was taken. One that fails ends it for this receiver."""
    try:
        import apprise
    except ImportError:
        missing = "apprise is not installed: uv sync --extra alerts"
        return Sent(f"{number}", trouble=missing), []
    took: list[News] = []
    with quiet_libraries("apprise", "urllib3", "requests"):
        try:
            address = secret.read()
            receiver = apprise.Apprise()
            if not receiver.add(address):
                return Sent(f"{number}", trouble="apprise knows no such address"), []
            name = f"{number} ({receiver[0].service_name})"
            for one in news:
                body = one.body
                title = one.title
                if not within(_SECONDS, lambda: receiver.notify(body=body, title=title)):  # noqa: B023
                    return Sent(name, len(took), "不接收 / it did not take the message"), took
                took.append(one)
        except PullFailed as failed:
            return Sent(f"{number}", len(took), failed.reason), took
        except Exception as error:  # noqa: BLE001 - of any service; it must not fail a night
            said = hidden(error, [address])
            return Sent(f"{number}", len(took), f"{type(error).__name__}: {said}"), took
    return Sent(name, len(took)), took
