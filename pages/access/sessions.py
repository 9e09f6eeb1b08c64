"""Who is logged in, kept by this process: a browser has an id, and a restart ends all sessions.

So logging out ends a session for every copy of its cookie, and roles are in no browser's hands.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from pages.access.people import Person

#: The oldest ends where there are more.
_MOST = 10_000


@dataclass(frozen=True)
class SignedIn:
    """A person until `ends` (seconds of the clock), and the token that tells the provider so."""

    person: Person
    ends: float
    id_token: str


class Sessions:
    """Safe to use by threads. `now` gives seconds."""

    def __init__(self, seconds: float, now: Callable[[], float] = time.time) -> None:
        self._seconds = seconds
        self._now = now
        self._lock = threading.Lock()
        self._held: dict[str, SignedIn] = {}

    def begin(self, person: Person, id_token: str = "") -> str:
        """A new session's id, which nobody can guess."""
        now, found = self._now(), secrets.token_urlsafe(32)
        with self._lock:
            self._held = {key: held for key, held in self._held.items() if held.ends > now}
            while len(self._held) >= _MOST:
                del self._held[next(iter(self._held))]
            self._held[found] = SignedIn(person, now + self._seconds, id_token)
        return found

    def get(self, key: object) -> SignedIn | None:
        """Who has a session of this id; None once it has ended."""
        with self._lock:
            held = self._held.get(key) if isinstance(key, str) else None
        return held if held is not None and held.ends > self._now() else None

    def end(self, key: object) -> SignedIn | None:
        """Ends a session, for all who hold its id; returns what it was."""
        with self._lock:
            return self._held.pop(key, None) if isinstance(key, str) else None


class Waiting:
    """What Authlib keeps between the way to the provider and the way back: used once, then gone.

    State, nonce and the PKCE verifier stay here; a browser has only the state, signed.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._held: dict[str, tuple[float, str]] = {}

    async def get(self, key: str) -> str | None:
        """A value that has not expired."""
        ends, value = self._held.get(key, (0.0, ""))
        return value if ends > self._now() else None

    async def set(self, key: str, value: str, expires: float) -> None:
        """Keeps a value for `expires` seconds."""
        now = self._now()
        if len(self._held) >= _MOST:
            self._held = {k: held for k, held in self._held.items() if held[0] > now}
        while len(self._held) >= _MOST:
            del self._held[next(iter(self._held))]
        self._held[key] = (now + expires, value)

    async def delete(self, key: str) -> None:
        """Forgets it."""
        self._held.pop(key, None)
