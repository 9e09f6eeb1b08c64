"""`juandi doctor` on logging in: each fault has its sentence and its remedy, a sound one is ok."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
    one.described, one.answers, one.asked = {}, {}, {}


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


def test_another_issuer_is_not_given_the_secret(tmp_path: Path, provider: TestProvider) -> None:
    """A login would refuse it; and why nothing was asked is said."""
    provider.claimed_issuer = "https://other.example.org"
    found = told(tmp_path, plain(provider), NAMED)
    assert "/token" not in provider.asked
    assert found["登录客户端 client"].state == "warning"
    assert "not asked" in found["登录客户端 client"].seen
    assert "another issuer" in found["登录客户端 client"].advice
    assert found["登录公钥 keys"].state == "ok"


def _heard(listening: socket.socket, heard: list[bytes]) -> None:
    try:
        heard.append(listening.accept()[0].recv(4096))
    except OSError:
        return


def test_the_secret_does_not_travel_in_the_clear(tmp_path: Path, provider: TestProvider) -> None:
    """A name of this machine that is none of the loopback's stands for the network."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.2", 0)) as listening:
        listening.settimeout(2)
        thread = threading.Thread(target=_heard, args=(listening, heard))
        thread.start()
        where = f"http://127.0.0.2:{listening.getsockname()[1]}/token"
        provider.described = {"token_endpoint": where}
        settings: Settings = load_settings(tmp_path, env={})
        settings.config.write_text(f"[pages.oidc]\n{plain(provider)}", encoding="utf-8")
        found = list(login_findings(settings, NAMED))
        thread.join()
    assert heard == []
    client = next(one for one in found if one.name == "登录客户端 client")
    assert (client.state, "not asked" in client.seen) == ("warning", True)
    assert "not encrypted" in client.advice
    assert any("not encrypted: token_endpoint" in one.seen for one in found)


@pytest.mark.parametrize(
    ("answer", "state", "seen"),
    [
        ({"error": "invalid_grant"}, "ok", "known"),
        ({"error": "invalid_request"}, "warning", "not settled"),
        ({"error": "unsupported_grant_type"}, "warning", "not settled"),
        ({"error": "server_error"}, "warning", "not settled"),
        ({"access_token": "x"}, "warning", "names no error"),
        ({"error": ["invalid_grant"]}, "warning", "names no error"),
        ({"error": "\x1b[2J\ud800"}, "warning", "not settled"),
        (["invalid_grant"], "warning", "names no error"),
        (b"<html>", "warning", "names no error"),
        (b"[" * 100_000, "warning", "names no error"),
    ],
    ids=lambda value: str(value)[:30] if not isinstance(value, bytes) else "bytes",
)
def test_only_what_is_settled_is_said_of_the_client(
    answer: Any, state: str, seen: str, tmp_path: Path, provider: TestProvider
) -> None:
    """A provider may refuse a request before it looks at the secret."""
    provider.answers = {"/token": answer}
    one = told(tmp_path, plain(provider), NAMED)["登录客户端 client"]
    assert one.state == state
    assert seen in one.seen
    assert "\x1b" not in one.seen
    f"{one.seen}{one.advice}".encode()  # half a sign cannot be printed


LISTS = (
    "scopes_supported", "code_challenge_methods_supported", "id_token_signing_alg_values_supported",
)  # fmt: skip # a list


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    "odd", [None, 3, True, "openid", {"openid": 1}, [["openid"]], [None], [{}, "RS256"]], ids=repr
)
def test_a_list_that_is_none_is_said(
    name: str, odd: Any, tmp_path: Path, provider: TestProvider
) -> None:
    """And all else is examined."""
    provider.described = {name: odd}
    found = told(tmp_path, plain(provider), NAMED)
    assert found["登录流程 flow"].state == "warning"
    assert found["登录流程 flow"].seen.endswith(f"no list of texts: {name}")
    assert {one.state for n, one in found.items() if n != "登录流程 flow"} == {"ok"}


@pytest.mark.parametrize(
    "odd",
    [{"keys": 3}, {"keys": None}, {"keys": []}, {"keys": {"a": 1}}, {"keys": [3]}, {"keys": [{}]},
     {"keys": [{"kty": ["RSA"]}]}, {"keys": [{"kty": "RSA", "n": 3}]}, [], 3, None, "keys",
     b"", b"\xff", b"[" * 100_000],
    ids=lambda value: str(value)[:30] if not isinstance(value, bytes) else "bytes",
)  # fmt: skip # a list
def test_keys_of_an_odd_shape_are_none(odd: Any, tmp_path: Path, provider: TestProvider) -> None:
    """As a login finds none among them."""
    provider.answers = {"/keys": odd}
    found = told(tmp_path, plain(provider), NAMED)
    assert found["登录公钥 keys"].state == "warning"
    assert "none" in found["登录公钥 keys"].seen
    assert {one.state for n, one in found.items() if n != "登录公钥 keys"} == {"ok"}


@pytest.mark.parametrize("name", ["token_endpoint", "jwks_uri", "authorization_endpoint", "issuer"])
@pytest.mark.parametrize("odd", [3, True, ["x"], {"x": 1}, "\ud800", "http://[", "x" * 9999])
def test_an_address_of_an_odd_shape(
    name: str, odd: Any, tmp_path: Path, provider: TestProvider
) -> None:
    """Said of the thing itself; what does not hang on it is examined."""
    provider.described = {name: odd}
    found = told(tmp_path, plain(provider), NAMED)
    its = "登录服务 provider" if name == "issuer" else "登录流程 flow"
    assert found[its].state == "warning"
    assert found["登录客户端 client"].state == "ok" or name in ("issuer", "token_endpoint")
    assert found["登录公钥 keys"].state == "ok" or name == "jwks_uri"
    for one in found.values():
        assert len(f"{one.seen}{one.advice}".encode()) < 1000


@pytest.mark.parametrize("odd", [None, 3, [], {}, "issuer", b"", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_description(odd: Any, tmp_path: Path, provider: TestProvider) -> None:
    """There is no provider at that address, and that is what is said."""
    provider.answers = {"/.well-known/openid-configuration": odd}
    one = told(tmp_path, plain(provider), NAMED)["登录服务 provider"]
    assert one.state == "warning"
    assert "no provider is there" in one.advice.replace("\n", " ")
