"""Who may log in and as what: `[pages.oidc]` of juandi.toml, and `JUANDI_OIDC_…` variables.

    [pages.oidc]
    issuer = "https://login.example.org/realms/charity"
    client_id = "juandi"
    address = "https://juandi.example.org"

The client's secret is never in that file: JUANDI_OIDC_CLIENT_SECRET, or `client_secret_file`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pages.access.people import Role
from pipelines.settings import Settings, SettingsError, config_of

#: Names of this machine; only they may be asked without TLS.
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_PREFIX = "JUANDI_OIDC_"


@dataclass(frozen=True)
class Oidc:
    """How people log in. `address` is what they type, `audience` whom access tokens are made for.

    Claims are named as they are in the token, or as a path with dots. `roles` maps a value of
    `roles_claim` to a role, `campaigns` a value of `person_claim` to campaigns; those of
    `campaigns_claim` are added. `hours` after logging in it has to be done again.
    """

    issuer: str
    client_id: str
    address: str
    client_secret: str | None = field(default=None, repr=False)
    scopes: str = "openid profile"
    audience: str = ""
    roles_claim: str = "roles"
    campaigns_claim: str = "campaigns"
    person_claim: str = "sub"
    hours: int = 8
    roles: Mapping[str, Role] = field(default_factory=lambda: {role.value: role for role in Role})
    campaigns: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach the pages by TLS."""
        return self.address.startswith("https://")

    @property
    def host(self) -> str:
        """The name that browsers ask for."""
        return urlsplit(self.address).hostname or ""


def is_private(address: object) -> bool:
    """Whether nobody on the way reads what is sent to an address: TLS, or this machine's own."""
    try:
        parts = urlsplit(str(address))
        return bool(parts.hostname) and (
            parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
        )
    except ValueError:
        return False


_TEXTS = ("issuer", "client_id", "address", "client_secret_file", "scopes", "audience",
          "roles_claim", "campaigns_claim", "person_claim")  # fmt: skip # a list
_NEEDED = ("issuer", "client_id", "address")


def read_oidc(settings: Settings, env: Mapping[str, str]) -> Oidc | None:
    """What is configured; None if nothing is. Raises SettingsError for what cannot be used."""
    file = settings.config
    told = _section(settings)
    for name in (*_TEXTS, "hours"):
        if value := env.get(_PREFIX + name.upper()):
            told[name] = value
    secret = env.get(f"{_PREFIX}CLIENT_SECRET") or None
    if not told and secret is None:
        return None
    where = f"[pages.oidc] ({file})"
    if "client_secret" in told:
        raise SettingsError(
            f"{where}: client_secret does not belong into the file; give {_PREFIX}CLIENT_SECRET,"
            " or client_secret_file with the path of a file that holds it"
        )
    for name in told:
        if name not in (*_TEXTS, "hours", "roles", "campaigns"):
            raise SettingsError(f"{where}: {name} is not known")
    if lacking := [name for name in _NEEDED if not told.get(name)]:
        raise SettingsError(f"{where}: {', '.join(lacking)} not given")
    for name in _TEXTS:
        if not isinstance(told.get(name, ""), str):
            raise SettingsError(f"{where}: {name} is not a text")
    given = {name: told[name] for name in _TEXTS if name in told and name != "client_secret_file"}
    given["address"] = given["address"].rstrip("/")
    for name in ("issuer", "address"):
        _check_address(where, name, given[name])
    if urlsplit(given["address"]).path:
        raise SettingsError(f"{where}: address has a path; the pages need a name of their own")
    return Oidc(
        **given,
        client_secret=secret or _secret(where, told.get("client_secret_file")),
        hours=_hours(where, told.get("hours", 8)),
        **_mapped(where, told),
    )


def _section(settings: Settings) -> dict[str, Any]:
    pages = config_of(settings, "pages")
    if unknown := sorted(pages.keys() - {"oidc"}):
        raise SettingsError(f"{settings.config}: pages.{unknown[0]} is not known; pages.oidc is")
    found = pages.get("oidc", {})
    if not isinstance(found, dict):
        raise SettingsError(f"{settings.config}: pages.oidc is to be a table, [pages.oidc]")
    return dict(found)


def _check_address(where: str, name: str, value: str) -> None:
    parts = urlsplit(value)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment:
        raise SettingsError(f"{where}: {name} {value!r} is no address; write it as https://…")
    if not is_private(value):
        raise SettingsError(f"{where}: {name} {value!r} is not encrypted; it has to be https://…")


def _secret(where: str, file: object) -> str | None:
    if not file:
        return None
    try:
        secret = Path(str(file)).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{where}: client_secret_file: {error}") from None
    if not secret:
        raise SettingsError(f"{where}: client_secret_file {file} is empty")
    return secret


def _hours(where: str, value: object) -> int:
    text = str(value)
    if isinstance(value, bool) or not text.isdigit() or not 0 < int(text) <= 24 * 7:
        raise SettingsError(f"{where}: hours {text!r} is not a whole number from 1 to 168")
    return int(text)


def _mapped(where: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """The sections of roles and campaigns, if they are given."""
    found: dict[str, Any] = {}
    known = {role.value: role for role in Role}
    for name in ("roles", "campaigns"):
        section = told.get(name, {})
        if not isinstance(section, dict):
            raise SettingsError(f"{where}: {name} is not a table")
    if roles := told.get("roles"):
        wrong = [str(value) for value in roles.values() if value not in known]
        if wrong:
            raise SettingsError(
                f"{where}: no role {', '.join(wrong)}; there are {', '.join(known)}"
            )
        found["roles"] = {value: known[role] for value, role in roles.items()}
    if campaigns := told.get("campaigns"):
        for person, ids in campaigns.items():
            if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
                raise SettingsError(f"{where}: campaigns of {person} are not a list of ids")
        found["campaigns"] = {person: frozenset(ids) for person, ids in campaigns.items()}
    return found
