"""How the pages are told to be logged in to: `[pages.oidc]` of juandi.toml, and variables."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pages.access.people import Role
from pages.access.settings import read_oidc
from pipelines.settings import SettingsError, config_of, load_settings

TOML = """
[pages.oidc]
issuer = "https://login.example.org/realms/x"
client_id = "juandi"
address = "https://juandi.example.org/"
hours = 4

[pages.oidc.roles]
"reviewers" = "reviewer"

[pages.oidc.campaigns]
"r-1" = ["scsl-2024"]
"""


def test_one_file_says_what_to_pull_whom_to_tell_and_how_to_log_in(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, env={})
    settings.config.write_text(f"{TOML}\n[alerts]\nstale_hours = 7\n", encoding="utf-8")
    assert read_oidc(settings, {}) is not None
    assert config_of(settings, "alerts") == {"stale_hours": 7}
    assert config_of(settings, "pull") == {}


def test_the_configuration(tmp_path: Path) -> None:
    """From juandi.toml; a variable comes before it; the secret from a variable or a file."""
    settings = load_settings(tmp_path, env={})
    assert read_oidc(settings, {}) is None
    settings.config.write_text(TOML, encoding="utf-8")
    found = read_oidc(settings, {"JUANDI_OIDC_CLIENT_SECRET": "s", "JUANDI_OIDC_HOURS": "2"})
    assert found is not None
    assert (found.address, found.host) == ("https://juandi.example.org", "juandi.example.org")
    assert (found.hours, found.client_secret, found.is_secure) == (2, "s", True)
    assert found.roles == {"reviewers": Role.REVIEWER}
    assert found.campaigns == {"r-1": frozenset({"scsl-2024"})}
    secret = tmp_path / "secret"
    secret.write_text("from a file\n")
    found = read_oidc(settings, {"JUANDI_OIDC_CLIENT_SECRET_FILE": str(secret)})
    assert found is not None
    assert found.client_secret == secret.read_text().strip()
    assert found.hours == 4
    elsewhere = load_settings(tmp_path / "x", env={"JUANDI_CONFIG": str(settings.config)})
    assert read_oidc(elsewhere, {}) == replace(found, client_secret=None)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("hours = 4", 'client_secret = "s"', "does not belong into the file"),
        ("hours = 4", "scope = 1", "scope is not known"),
        ("hours = 4", "hours = 0", "hours"), ("hours = 4", "hours = true", "hours"),
        ("hours = 4", "audience = 1", "audience is not a text"),
        ('client_id = "juandi"', "", "client_id not given"),
        ("https://login", "http://login", "not encrypted"),
        ("https://juandi", "http://juandi", "not encrypted"),
        ("https://juandi.example.org/", "juandi.example.org", "is no address"),
        ("https://juandi.example.org/", "https://x.example/juandi", "has a path"),
        ('"reviewer"', '"auditor"', "no role auditor"),
        ('["scsl-2024"]', '"scsl-2024"', "not a list of ids"),
        ("[pages.oidc.roles]\n", "[pages.odic.roles]\n", "pages.odic is not known"),
        ("[pages.oidc.roles]\n", "roles = [\n", "juandi.toml"),
        ("hours = 4", 'client_secret_file = "/nowhere/x"', "client_secret_file"),
    ],
)  # fmt: skip # a table
def test_what_cannot_be_used_is_said(old: str, new: str, told: str, tmp_path: Path) -> None:
    """Before anything is served; never half of it."""
    settings = load_settings(tmp_path, env={})
    assert TOML.count(old)
    settings.config.write_text(TOML.replace(old, new), encoding="utf-8")
    with pytest.raises(SettingsError, match=told):
        read_oidc(settings, {})
