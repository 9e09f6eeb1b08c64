"""The checks of `juandi doctor` on how people log in to the pages: `[pages.oidc]` and its provider.

What the provider answers is found out by `pages.access.examined`; here it becomes sentences. None
of it keeps a refresh from running, so each is a warning, with what to do.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.cli.doctor_store import Finding
from pipelines.settings import Settings, SettingsError

if TYPE_CHECKING:
    from pages.access.examined import Examined
    from pages.access.settings import Oidc

#: Seconds that two clocks may differ before tokens are refused.
_LEEWAY = 30
_DOCS = "docs/pages.md#setting-it-up"
#: Signs of a provider's answer that are shown.
_LONGEST = 200
_PKCE = "code_challenge_methods_supported"
_SIGNATURES = "id_token_signing_alg_values_supported"
_SCOPES = "scopes_supported"
#: RFC 6749, section 5.2: a code that nobody was given is looked at once the client is known; these
#: two are about the client. Others may be answered before anybody has looked at the secret.
_KNOWN, _REFUSED = "invalid_grant", ("invalid_client", "unauthorized_client")


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
    from pages.access.examined import examine_provider

    name, found = "登录服务 provider", examine_provider(oidc)
    if found.trouble is not None:
        yield Finding(
            name, "warning", f"{found.where}: {found.trouble}",
            "连不上，或那里没有登录服务：核对 issuer（连同路径）、网络与证书 / not reached, or no"
            " provider is there: check issuer with its path, network and certificate",
        )  # fmt: skip # a sentence
        return
    yield _issuer(oidc, found)
    if found.seconds_apart is not None and abs(found.seconds_apart) > _LEEWAY:
        yield Finding(
            "登录时钟 clock", "warning", f"相差 apart: {found.seconds_apart} s",
            "令牌会被当作过期或未生效：校准时钟 / tokens will look expired or not yet good: set the"
            " clocks",
        )  # fmt: skip # a sentence
    yield from _flow(oidc, found)
    yield _keys(found)
    yield _client(oidc, found)


def _said(told: object) -> str:
    """What a provider says, as it can be printed: in quotes, signs of control escaped, cut short.

    It is also how a text is written in TOML.
    """
    if not isinstance(told, str):
        return f"非文本 no text ({type(told).__name__})"
    return json.dumps(told) if len(told) <= _LONGEST else json.dumps(told[:_LONGEST]) + "…"


def _issuer(oidc: Oidc, found: Examined) -> Finding:
    name, issuer = "登录服务 provider", found.told["issuer"]
    if issuer == oidc.issuer:
        return Finding(name, "ok", oidc.issuer)
    advice = (
        f"issuer 须一字不差 / write it to the last sign: issuer = {_said(issuer)}"
        if isinstance(issuer, str) and len(issuer) <= _LONGEST
        else "请登录服务的管理者查看 / ask who runs the provider"
    )
    return Finding(name, "warning", f"自称 calls itself {_said(issuer)}", advice)


def _flow(oidc: Oidc, found: Examined) -> Iterator[Finding]:
    """What logging in needs and the provider does not offer."""
    from pages.access.provider import ENDPOINTS, SIGNED
    from pages.access.settings import is_private

    name, told = "登录流程 flow", found.told
    lacking = [one for one in ENDPOINTS if not isinstance(told.get(one), str)]
    if lacking:
        yield Finding(
            name, "warning", f"缺 lacks {', '.join(lacking)}",
            "它不支持授权码流程 / it does not offer the authorization code flow: enable it there",
        )  # fmt: skip # a sentence
    if exposed := [n for n in ENDPOINTS if n not in lacking and not is_private(told[n])]:
        yield Finding(
            name, "warning", f"未加密 not encrypted: {', '.join(exposed)}",
            "登录会拒绝：让它以 https:// 给出 / logging in refuses them: let it name them with"
            " https://",
        )  # fmt: skip # a sentence
    listed = {one: told.get(one, untold) for one, untold in _untold(oidc).items()}
    odd = [one for one, values in listed.items() if not _are_texts(values)]
    if odd:
        yield Finding(
            name, "warning", f"不是文本的列表 no list of texts: {', '.join(odd)}",
            "因此未核对，请登录服务的管理者查看 / so it was not checked: ask who runs the provider",
        )  # fmt: skip # a sentence
    if _PKCE not in odd and "S256" not in listed[_PKCE]:
        yield Finding(
            name, "warning", "PKCE S256: 无 not offered",
            "在登录服务处启用 PKCE / enable PKCE (S256) at the provider",
        )  # fmt: skip # a sentence
    if _SIGNATURES not in odd and not set(listed[_SIGNATURES]) & set(SIGNED):
        yield Finding(
            name, "warning", "id token: 无非对称签名 no asymmetric signature",
            "改用 RS256 或 ES256 / let it sign with RS256 or ES256",
        )  # fmt: skip # a sentence
    wanted = set(oidc.scopes.split())
    if _SCOPES not in odd and (unknown := sorted(wanted - set(listed[_SCOPES]))):
        yield Finding(
            name, "warning", f"scopes: {', '.join(unknown)} 未列 not listed",
            "从 scopes 去掉，或在登录服务处添加 / leave them out of scopes, or add them there",
        )  # fmt: skip # a sentence


def _untold(oidc: Oidc) -> dict[str, list[str]]:
    """The lists of a description, and what holds where it has none."""
    return {_PKCE: ["S256"], _SIGNATURES: ["RS256"], _SCOPES: oidc.scopes.split()}


def _are_texts(told: object) -> bool:
    return isinstance(told, list) and all(isinstance(one, str) for one in told)


def _keys(found: Examined) -> Finding:
    name = "登录公钥 keys"
    if found.keys:
        return Finding(name, "ok", str(found.keys))
    return Finding(
        name, "warning", f"jwks_uri {_said(found.told.get('jwks_uri'))}: 无可用 none usable",
        "没有公钥无法核对令牌，请登录服务的管理者查看 / without keys no token can be checked:"
        " ask who runs the provider",
    )  # fmt: skip # a sentence


def _client(oidc: Oidc, found: Examined) -> Finding:
    """Whether the provider knows the client and its secret; only what is settled is said so."""
    from pages.access.examined import Unasked

    name, answer = "登录客户端 client", found.client
    if answer is Unasked.NONE_GIVEN:
        return Finding(
            name, "warning", f"{oidc.client_id}: 无密钥 no secret",
            "给出 JUANDI_OIDC_CLIENT_SECRET 或 client_secret_file / give"
            " JUANDI_OIDC_CLIENT_SECRET or client_secret_file, unless the client is a public one",
        )  # fmt: skip # a sentence
    if isinstance(answer, Unasked):
        why = {
            Unasked.OTHER_ISSUER: "自称另一 issuer / it calls itself another issuer",
            Unasked.IN_THE_CLEAR: "token_endpoint 缺失或未加密 / token_endpoint is lacking or not"
            " encrypted",
        }[answer]
        return Finding(
            name, "warning", f"{oidc.client_id}: 未询问 not asked",
            f"不向那里发送密钥：{why}。先改正 / the secret is not sent there; mend that first",
        )  # fmt: skip # a sentence
    if answer == _KNOWN:
        return Finding(name, "ok", f"{oidc.client_id}: 已识别 known, with its secret")
    if answer in _REFUSED:
        return Finding(
            name, "warning", f"{oidc.client_id}: {answer}",
            "核对 client_id、密钥与登录服务处的客户端（须为 confidential）/ check client_id and"
            " the secret against the client at the provider; it has to be a confidential one",
        )  # fmt: skip # a sentence
    said = f"答 it answers {_said(answer)}" if answer else "未说明错误 it names no error"
    return Finding(
        name, "warning", f"{oidc.client_id}: 未能判定 not settled: {said}",
        "它可能未及核对密钥；试登录一次 / it may not have looked at the secret: log in once to see",
    )  # fmt: skip # a sentence
