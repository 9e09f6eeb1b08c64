"""`juandi doctor` on logging in: each fault has its sentence and its remedy, a sound one is ok."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.cli.doctor import examine
from pipelines.cli.doctor_login import login_findings
from pipelines.cli.doctor_store import Finding
from pipelines.settings import Settings, load_settings
from tests.pages.provider import CLIENT, SECRET, TestProvider, running

NAMED = {"JUANDI_OIDC_CLIENT_SECRET": SECRET}


@pytest.fixture(scope="module")
def one() -> Iterator[TestProvider]:
    with running() as found:
        yield found


@pytest.fixture
def provider(one: TestProvider) -> Iterator[TestProvider]:
    """The provider as it should be; what a test makes of it is undone."""
    yield one
    one.claimed_issuer, one.has_keys, one.algorithms = None, True, ["RS256"]


def told(tmp_path: Path, toml: str, env: dict[str, str]) -> dict[str, Finding]:
    settings: Settings = load_settings(tmp_path, env={})
    settings.config.write_text(f"[pages.oidc]\n{toml}", encoding="utf-8")
    return {one.name: one for one in login_findings(settings, env)}


def plain(provider: TestProvider, more: str = "") -> str:
    return (
        f'issuer = "{provider.issuer}"\nclient_id = "{CLIENT}"\n'
        f'address = "https://juandi.example.org"\n{more}'
    )


def test_a_sound_one_is_ok(tmp_path: Path, provider: TestProvider) -> None:
    """Asked of the provider: itself, its keys, the client; nobody is logged in."""
    found = told(tmp_path, plain(provider), NAMED)
    assert {one.state for one in found.values()} == {"ok"}
    assert found["登录地址 address"].seen.endswith("https://juandi.example.org/login/done")
    assert "known" in found["登录客户端 client"].seen
    assert "/authorize" not in provider.asked
    assert not provider.codes


def test_without_a_login(tmp_path: Path) -> None:
    """Nothing is configured, so nobody is asked."""
    settings = load_settings(tmp_path, env={})
    (one,) = login_findings(settings, {})
    assert (one.state, "this machine" in one.seen) == ("ok", True)
    assert one in list(examine(settings))


@pytest.mark.parametrize(
    ("fault", "name", "seen", "advice"),
    [
        ("secret", "登录客户端 client", "invalid_client", "confidential"),
        ("none", "登录客户端 client", "no secret", "client_secret_file"),
        ("issuer", "登录服务 provider", "calls itself", 'issuer = "https://other.example.org"'),
        ("path", "登录服务 provider", "404", "check issuer"),
        ("keys", "登录公钥 keys", "none", "no token can be checked"),
        ("signs", "登录流程 flow", "no asymmetric", "RS256"),
        ("roles", "登录角色 roles", "engineer", "nobody sees a review"),
        ("local", "登录地址 address", "http://localhost:8300/login/done", "others need https"),
        ("role", "登录 login", "no role boss", "does not start"),
        ("lacking", "登录 login", "client_id", "does not start"),
        ("opened", "登录密钥 client secret", "readable by others", "chmod"),
    ],
)
def test_a_fault_says_what_to_do(
    fault: str, name: str, seen: str, advice: str, tmp_path: Path, provider: TestProvider
) -> None:
    """Sentences for each, and the secret in none of them."""
    toml, env = plain(provider), dict(NAMED)
    if fault == "secret":
        env = {"JUANDI_OIDC_CLIENT_SECRET": "another"}
    elif fault == "none":
        env = {}
    elif fault == "issuer":
        provider.claimed_issuer = "https://other.example.org"
    elif fault == "path":
        toml = toml.replace(provider.issuer, f"{provider.issuer}/realms/x")
    elif fault == "keys":
        provider.has_keys = False
    elif fault == "signs":
        provider.algorithms = ["HS256", "none"]
    elif fault == "roles":
        toml += '[pages.oidc.roles]\nops = "engineer"\n'
    elif fault == "local":
        toml = toml.replace("https://juandi.example.org", "http://localhost:8300")
    elif fault == "role":
        toml += '[pages.oidc.roles]\nx = "boss"\n'
    elif fault == "lacking":
        toml = toml.replace(f'client_id = "{CLIENT}"\n', "")
    elif fault == "opened":
        file = tmp_path / "secret"
        file.write_text(SECRET)
        file.chmod(0o644)
        toml, env = plain(provider, f'client_secret_file = "{file}"\n'), {}
    found = told(tmp_path, toml, env)
    assert found[name].state == "warning"
    assert seen in found[name].seen
    assert advice in found[name].advice
    assert not [one for one in found.values() if SECRET in f"{one.seen}{one.advice}"]


def test_a_provider_that_is_down(tmp_path: Path) -> None:
    """Nobody listens: said at once, with where."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    issuer = f"http://127.0.0.1:{port}"
    toml = f'issuer = "{issuer}"\nclient_id = "x"\naddress = "https://juandi.example.org"\n'
    one = told(tmp_path, toml, NAMED)["登录服务 provider"]
    assert one.state == "warning"
    assert issuer in one.seen
    assert "not reached" in one.advice
