"""The checks of `juandi doctor` on how people log in to the pages: `[pages.oidc]` and its provider.

The provider is asked what it says of itself, for its keys, and whether it knows the client: with a
code that nobody was given, which a provider refuses in one way or the other. Nobody is logged in.
None of it keeps a refresh from running, so none of it is a problem of that; each says what to do.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.cli.doctor_store import Finding
from pipelines.settings import Settings, SettingsError

if TYPE_CHECKING:
    import httpx2

    from pages.access.settings import Oidc

_TIMEOUT = 10
#: Seconds that two clocks may differ before tokens are refused.
_LEEWAY = 30
_DOCS = "docs/pages.md#setting-it-up"
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


def login_findings(settings: Settings, env: Mapping[str, str]) -> Iterator[Finding]:
    """Everything that keeps people from logging in, in the order in which it would be mended."""
    from pages.access.settings import read_oidc

    try:
        oidc = read_oidc(settings, env)
    except SettingsError as error:
        yield Finding(
            "登录 login", "warning", str(error),
            f"juandi serve 因此不启动 / juandi serve does not start with it: {_DOCS}",
        )  # fmt: skip # a sentence
        return
    if oidc is None:
        yield Finding(
            "登录 login", "ok", "未配置，页面只供本机 / not configured: for this machine alone"
        )
        return
    yield _address(oidc)
    yield _roles(oidc)
    yield from _secret_file(settings, env)
    yield from _provider(oidc)


def _address(oidc: Oidc) -> Finding:
    back = f"{oidc.address}/login/done"
    seen = f"回调地址 redirect address {back}"
    if oidc.is_secure:
        return Finding("登录地址 address", "ok", seen)
    return Finding(
        "登录地址 address", "warning", seen,
        "只在本机可用；供他人用须为 https:// / for this machine alone: others need https://",
    )  # fmt: skip # a sentence


def _roles(oidc: Oidc) -> Finding:
    name = "登录角色 roles"
    roles = ", ".join(f"{value} → {role.value}" for value, role in sorted(oidc.roles.items()))
    seen = f"{oidc.roles_claim}: {roles}"
    given = {role.value for role in oidc.roles.values()}
    if not given & {"analyst", "reviewer"}:
        return Finding(
            name, "warning", seen,
            "无值对应 analyst 或 reviewer，无人能看审查 / no value is an analyst or reviewer:"
            " nobody sees a review; add one to [pages.oidc.roles]",
        )  # fmt: skip # a sentence
    return Finding(name, "ok", seen)


def _secret_file(settings: Settings, env: Mapping[str, str]) -> Iterator[Finding]:
    """Whether others can read the file that holds the secret."""
    from pipelines.settings import config_of

    told = config_of(settings, "pages").get("oidc", {})
    file = env.get("JUANDI_OIDC_CLIENT_SECRET_FILE") or told.get("client_secret_file")
    if file and not env.get("JUANDI_OIDC_CLIENT_SECRET") and Path(file).stat().st_mode & 0o077:
        yield Finding(
            "登录密钥 client secret", "warning", f"他人可读 readable by others: {file}",
            f"chmod go= {file}",
        )  # fmt: skip # a sentence


def _provider(oidc: Oidc) -> Iterator[Finding]:
    """What the provider says of itself, and of the client."""
    import httpx2

    name = "登录服务 provider"
    where = f"{oidc.issuer.rstrip('/')}/.well-known/openid-configuration"
    try:
        with httpx2.Client(timeout=_TIMEOUT) as client:
            answer = client.get(where)
            told = _described(answer)
            if told is None:
                yield Finding(
                    name, "warning", f"{where}: {answer.status_code}",
                    "该地址没有 OpenID Connect 的说明，核对 issuer / no description of a provider"
                    " there: check issuer, its path too",
                )  # fmt: skip # a sentence
                return
            yield _issuer(oidc, told)
            yield from _clock(answer)
            yield from _says(oidc, told)
            yield _keys(client, told)
            yield _client(client, oidc, told)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        yield Finding(
            name, "warning", f"{where}: {type(error).__name__}",
            "连不上：核对 issuer、网络与证书 / cannot be reached from here: check issuer, network"
            " and certificate",
        )  # fmt: skip # a sentence


def _described(answer: httpx2.Response) -> dict[str, Any] | None:
    """A provider's description; None of an answer that is none."""
    if answer.status_code != 200:
        return None
    try:
        told = answer.json()
    except ValueError:
        return None
    return told if isinstance(told, dict) and told.get("issuer") else None


def _issuer(oidc: Oidc, told: Mapping[str, Any]) -> Finding:
    name = "登录服务 provider"
    if told["issuer"] == oidc.issuer:
        return Finding(name, "ok", oidc.issuer)
    return Finding(
        name, "warning", f"自称 calls itself {told['issuer']!r}",
        f"issuer 须一字不差 / write it to the last sign: issuer = \"{told['issuer']}\"",
    )  # fmt: skip # a sentence


def _clock(answer: httpx2.Response) -> Iterator[Finding]:
    """Whether the two clocks differ by more than tokens bear."""
    try:
        there = parsedate_to_datetime(answer.headers["date"]).timestamp()
    except (KeyError, TypeError, ValueError):
        return
    apart = round(time.time() - there)
    if abs(apart) > _LEEWAY:
        yield Finding(
            "登录时钟 clock", "warning", f"相差 apart: {apart} s",
            "令牌会被当作过期或未生效：校准时钟 / tokens will look expired or not yet good: set the"
            " clocks",
        )  # fmt: skip # a sentence


def _says(oidc: Oidc, told: Mapping[str, Any]) -> Iterator[Finding]:
    """What the flow needs and the provider does not offer."""
    from pages.access.provider import SIGNED

    name = "登录流程 flow"
    lacking = [one for one in _ENDPOINTS if not isinstance(told.get(one), str)]
    if lacking:
        yield Finding(
            name, "warning", f"缺 lacks {', '.join(lacking)}",
            "它不支持授权码流程 / it does not offer the authorization code flow: enable it there",
        )  # fmt: skip # a sentence
    if "S256" not in told.get("code_challenge_methods_supported", ["S256"]):
        yield Finding(
            name, "warning", "PKCE S256: 无 not offered",
            "在登录服务处启用 PKCE / enable PKCE (S256) at the provider",
        )  # fmt: skip # a sentence
    if not set(told.get("id_token_signing_alg_values_supported", ["RS256"])) & set(SIGNED):
        yield Finding(
            name, "warning", "id token: 无非对称签名 no asymmetric signature",
            "改用 RS256 或 ES256 / let it sign with RS256 or ES256",
        )  # fmt: skip # a sentence
    unknown = sorted(
        set(oidc.scopes.split()) - set(told.get("scopes_supported", oidc.scopes.split()))
    )
    if unknown:
        yield Finding(
            name, "warning", f"scopes: {', '.join(unknown)} 未列 not listed",
            "从 scopes 去掉，或在登录服务处添加 / leave them out of scopes, or add them there",
        )  # fmt: skip # a sentence


def _keys(client: httpx2.Client, told: Mapping[str, Any]) -> Finding:
    import httpx2

    name, where = "登录公钥 keys", str(told.get("jwks_uri", ""))
    try:
        keys = client.get(where).json().get("keys")
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, AttributeError):
        keys = None
    if keys:
        return Finding(name, "ok", f"{len(keys)}")
    return Finding(
        name, "warning", f"{where or 'jwks_uri'}: 无 none",
        "没有公钥无法核对令牌，请登录服务的管理者查看 / without keys no token can be checked:"
        " ask who runs the provider",
    )  # fmt: skip # a sentence


def _client(client: httpx2.Client, oidc: Oidc, told: Mapping[str, Any]) -> Finding:
    """Whether the provider knows the client and its secret, by a code that nobody was given."""
    import httpx2

    name = "登录客户端 client"
    asked = {
        "grant_type": "authorization_code",
        "code": "juandi-doctor",
        "redirect_uri": f"{oidc.address}/login/done",
        "code_verifier": "0" * 43,
    }
    if oidc.client_secret is None:
        return Finding(
            name, "warning", f"{oidc.client_id}: 无密钥 no secret",
            "给出 JUANDI_OIDC_CLIENT_SECRET 或 client_secret_file / give"
            " JUANDI_OIDC_CLIENT_SECRET or client_secret_file, unless the client is a public one",
        )  # fmt: skip # a sentence
    try:
        answer = client.post(
            str(told.get("token_endpoint", "")), data=asked,
            auth=(oidc.client_id, oidc.client_secret),
        )  # fmt: skip # one call
        error = answer.json().get("error", "")
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, AttributeError):
        error = ""
    if error in ("invalid_grant", "invalid_request"):
        return Finding(name, "ok", f"{oidc.client_id}: 已识别 known, with its secret")
    return Finding(
        name, "warning", f"{oidc.client_id}: {error or '答复不明 no clear answer'}",
        "核对 client_id、密钥与登录服务处的客户端（须为 confidential）/ check client_id and"
        " the secret against the client at the provider; it has to be a confidential one",
    )  # fmt: skip # a sentence
