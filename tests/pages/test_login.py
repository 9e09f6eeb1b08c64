"""Logging in at a real provider: what is right lets people in, and nothing that is wrong does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from pages.access.people import Role
from pages.access.sessions import Sessions
from pages.access.settings import Oidc
from pages.app import create_app
from pages.serve import check_host, serve
from pages.web.headers import HEADERS
from pipelines.cli.main import app as cli
from pipelines.settings import Settings, SettingsError
from tests.pages.provider import CLIENT, SECRET, TestProvider, running

ADDRESS = "http://127.0.0.1"
ANALYST = {"sub": "a-1", "name": "安 <b>", "roles": ["analyst"]}


@pytest.fixture
def provider() -> Iterator[TestProvider]:
    with running() as found:
        found.person = dict(ANALYST)
        yield found


@pytest.fixture
def oidc(provider: TestProvider) -> Oidc:
    return Oidc(provider.issuer, CLIENT, ADDRESS, SECRET)


@pytest.fixture
def browser(some: Settings, oidc: Oidc) -> Iterator[TestClient]:
    """Somebody who has not logged in."""
    with TestClient(create_app(some, oidc=oidc), base_url=ADDRESS) as client:
        yield client


def callback(browser: TestClient, back: str = "/") -> str:
    """To the provider and as far as the address that it sends the browser back to."""
    sent = browser.get("/login", params={"back": back}, follow_redirects=False)
    assert sent.status_code == 302
    there = httpx2.get(sent.headers["location"], follow_redirects=False)
    assert there.status_code == 302
    return there.headers["location"]


def log_in(browser: TestClient, back: str = "/") -> httpx2.Response:
    """The answer that ends it."""
    return browser.get(callback(browser, back), follow_redirects=False)


def is_in(browser: TestClient) -> bool:
    return browser.get("/tables", follow_redirects=False).status_code == 200


def test_from_a_link_to_the_page_it_names(browser: TestClient, provider: TestProvider) -> None:
    """Whoever is not logged in is sent to the provider, and comes back to where they wanted."""
    first = browser.get("/gaps?severity=blocking", follow_redirects=False)
    assert first.status_code == 303
    assert first.headers["location"] == "/login?back=%2Fgaps%3Fseverity%3Dblocking"
    assert "四川" not in first.text
    answer = log_in(browser, "/gaps?severity=blocking")
    assert (answer.status_code, answer.headers["location"]) == (303, "/gaps?severity=blocking")
    page = browser.get("/gaps?severity=blocking")
    assert page.status_code == 200
    assert "安 &lt;b&gt;" in page.text
    assert provider.asked["/token"] == 1


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_nobody_is_led_elsewhere(back: str, browser: TestClient) -> None:
    assert log_in(browser, back).headers["location"] == "/"


def test_the_way_there_has_pkce_state_and_nonce(browser: TestClient) -> None:
    """And each is another one each time."""
    asked = []
    for _ in range(2):
        sent = browser.get("/login", follow_redirects=False)
        query = dict(httpx2.URL(sent.headers["location"]).params)
        assert query["code_challenge_method"] == "S256"
        assert query["redirect_uri"] == f"{ADDRESS}/login/done"
        assert query["scope"] == "openid profile"
        asked.append((query["state"], query["nonce"], query["code_challenge"]))
    assert all(one != other for one, other in zip(*asked, strict=True))


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "another"}, {"nonce": None}, {"aud": "another-client"}, {"aud": None},
        {"aud": [CLIENT, "another"], "azp": "another"}, {"iss": "https://evil.example"},
        {"exp": 1_700_000_000}, {"exp": None}, {"sub": None}, {"iat": None},
        {"kind": "unsigned"}, {"kind": "by_shared_secret"}, {"kind": "absent"},
    ],
)  # fmt: skip # a list
def test_an_id_token_that_is_not_good_lets_nobody_in(
    changes: dict[str, Any], browser: TestClient, provider: TestProvider
) -> None:
    """And the same browser gets in once the provider sends one that is."""
    provider.changes = changes
    answer = log_in(browser)
    assert answer.status_code == 400
    assert "登录没有成功" in answer.text
    assert not is_in(browser)
    provider.changes = {}
    assert log_in(browser).status_code == 303
    assert is_in(browser)


def test_a_state_is_used_once(browser: TestClient, provider: TestProvider) -> None:
    """Though the provider takes the code again, and though the browser kept its old cookie."""
    provider.is_lenient = True
    back = callback(browser)
    before = browser.cookies["juandi_session"]
    assert browser.get(back, follow_redirects=False).status_code == 303
    assert browser.get(back, follow_redirects=False).status_code == 400
    browser.cookies.clear()
    browser.cookies.set("juandi_session", before)
    assert browser.get(back, follow_redirects=False).status_code == 400
    assert not is_in(browser)
    assert provider.asked["/token"] == 1


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x&code=x", "?error=access_denied"])
def test_a_way_back_that_nobody_set_out_on(query: str, browser: TestClient) -> None:
    assert browser.get(f"/login/done{query}", follow_redirects=False).status_code == 400


def test_the_way_back_belongs_to_the_browser_that_set_out(browser: TestClient) -> None:
    """A link that somebody else began logs nobody in as them."""
    back = callback(browser)
    browser.cookies.clear()
    assert browser.get(back, follow_redirects=False).status_code == 400
    assert not is_in(browser)


def test_the_session_is_in_a_signed_cookie(browser: TestClient) -> None:
    """HttpOnly, SameSite=Lax, without anything of the person; changed by one sign it is nothing."""
    answer = log_in(browser)
    told = answer.headers["set-cookie"].lower()
    assert "httponly" in told
    assert "samesite=lax" in told
    assert "secure" not in told
    assert f"max-age={8 * 3600}" in told
    whole = browser.cookies["juandi_session"]
    assert is_in(browser)
    for place in (0, len(whole) // 2, -1):
        other = "A" if whole[place] != "A" else "B"
        place %= len(whole)
        browser.cookies.clear()
        browser.cookies.set("juandi_session", whole[:place] + other + whole[place + 1 :])
        assert not is_in(browser)
    browser.cookies.clear()
    browser.cookies.set("juandi_session", whole)
    assert is_in(browser)


def test_another_process_knows_no_session_of_this_one(
    browser: TestClient, some: Settings, oidc: Oidc
) -> None:
    log_in(browser)
    with TestClient(create_app(some, oidc=oidc), base_url=ADDRESS) as other:
        other.cookies.set("juandi_session", browser.cookies["juandi_session"])
        assert not is_in(other)


def test_over_tls_the_cookie_is_secure(some: Settings, oidc: Oidc) -> None:
    """And bound to its host: the address decides, whatever a proxy says."""
    address = "https://juandi.example.org"
    app = create_app(some, hosts=["juandi.example.org"], oidc=replace(oidc, address=address))
    with TestClient(app, base_url=address) as browser:
        sent = browser.get("/login", follow_redirects=False)
        assert dict(httpx2.URL(sent.headers["location"]).params)["redirect_uri"].startswith(address)
        told = sent.headers["set-cookie"]
    assert told.startswith("__Host-juandi=")
    assert "; secure" in told.lower()
    assert "domain=" not in told.lower()


def test_logging_out_ends_the_session_for_every_copy(
    browser: TestClient, provider: TestProvider
) -> None:
    log_in(browser)
    kept = browser.cookies["juandi_session"]
    assert browser.get("/logout", follow_redirects=False).status_code == 405
    answer = browser.post("/logout")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert f"{provider.issuer}/end?" in answer.text
    assert not is_in(browser)
    browser.cookies.clear()
    browser.cookies.set("juandi_session", kept)
    assert not is_in(browser)


def test_logging_in_again_ends_the_session_before(browser: TestClient) -> None:
    log_in(browser)
    before = browser.cookies["juandi_session"]
    log_in(browser)
    assert is_in(browser)
    browser.cookies.clear()
    browser.cookies.set("juandi_session", before)
    assert not is_in(browser)


def test_a_session_ends_by_itself() -> None:
    """At its time, not at its last use; ids cannot be guessed or be anything but text."""
    from pages.access.people import AT_THIS_MACHINE

    clock = [100.0]
    sessions = Sessions(60, lambda: clock[0])
    key = sessions.begin(AT_THIS_MACHINE)
    clock[0] += 59
    assert sessions.get(key)
    clock[0] += 1
    assert sessions.get(key) is None
    assert sessions.begin(AT_THIS_MACHINE) != key
    assert sessions.end(key) is None
    assert sessions.get(None) is None
    assert sessions.get(["x"]) is None
    assert len(key) > 40


def test_a_provider_changes_its_keys(browser: TestClient, provider: TestProvider) -> None:
    """The new key is asked for when a token names it; the old one is good no longer."""
    old = {"Authorization": f"Bearer {provider.token()}"}
    assert browser.get("/api/v1/tables", headers=old).status_code == 200
    browser.app.state.access.provider._keys_asked -= 60  # type: ignore[attr-defined]  # a minute
    provider.rotate()
    assert log_in(browser).status_code == 303
    new = {"Authorization": f"Bearer {provider.token()}"}
    assert browser.get("/api/v1/tables", headers=new).status_code == 200
    assert browser.get("/api/v1/tables", headers=old).status_code == 401
    assert log_in(browser).status_code == 303


def test_keys_that_nobody_knows_are_not_asked_for_each_time(
    browser: TestClient, provider: TestProvider
) -> None:
    """Whoever sends tokens of keys that are not there makes no load at the provider."""
    assert browser.get("/api/v1/tables", headers=bearer(provider.token())).status_code == 200
    provider.signs = 1
    for _ in range(20):
        assert browser.get("/api/v1/tables", headers=bearer(provider.token())).status_code == 401
    assert provider.asked["/keys"] == 1


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_program_brings_a_token(browser: TestClient, provider: TestProvider) -> None:
    """Of the same provider; or uses the session of its browser."""
    answer = browser.get("/api/v1/tables")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["error"] == "login"
    good = browser.get("/api/v1/tables", headers=bearer(provider.token()))
    assert good.status_code == 200
    assert good.headers["vary"].startswith("Cookie, Authorization")
    # a token is for programs: no page is opened by it
    assert browser.get("/tables", headers=bearer(provider.token()), follow_redirects=False
        ).status_code == 303  # fmt: skip # one call
    log_in(browser)
    assert browser.get("/api/v1/tables").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "another"}, {"aud": None}, {"iss": "https://evil.example"}, {"iss": None},
        {"exp": 1_700_000_000}, {"exp": None}, {"sub": None}, {"nbf": 4_000_000_000},
    ],
)  # fmt: skip # a list
def test_a_token_that_is_not_good(
    wrong: dict[str, Any], browser: TestClient, provider: TestProvider
) -> None:
    """401, though the browser is logged in: a token that is given is the one that counts."""
    log_in(browser)
    answer = browser.get("/api/v1/tables", headers=bearer(provider.token(**wrong)))
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_tokens_that_anybody_can_make(browser: TestClient, provider: TestProvider) -> None:
    """Unsigned, signed with what is published, cut, changed, or no token at all."""
    good = provider.token()
    header, body, signature = good.split(".")
    other = provider.token(roles=["engineer"]).split(".")[1]
    for token in (
        provider.unsigned(), provider.by_shared_secret(), f"{header}.{body}.", f"{header}.{body}",
        f"{header}.{other}.{signature}", "x", "x.y.z", "a b",
    ):  # fmt: skip # a list
        assert browser.get("/api/v1/tables", headers=bearer(token)).status_code == 401, token
    for value in ("Bearer", "Bearer ", f"Basic {good}", good):
        assert browser.get("/api/v1/tables", headers={"Authorization": value}).status_code == 401
    assert browser.get("/api/v1/tables", headers=bearer(good)).status_code == 200


def test_tokens_made_for_an_api_of_their_own(some: Settings, provider: TestProvider) -> None:
    """With `audience` only those are taken, and no id token."""
    oidc = Oidc(provider.issuer, CLIENT, ADDRESS, SECRET, audience="juandi-api")
    with TestClient(create_app(some, oidc=oidc), base_url=ADDRESS) as program:
        own = bearer(provider.token(aud=["juandi-api"]))
        assert program.get("/api/v1/tables", headers=own).status_code == 200
        assert program.get("/api/v1/tables", headers=bearer(provider.token())).status_code == 401


def test_a_provider_that_is_not_there_or_another(some: Settings, provider: TestProvider) -> None:
    """503 in words, and everything works again once it is right."""
    with TestClient(
        create_app(some, oidc=Oidc(provider.issuer, CLIENT, ADDRESS, SECRET)), base_url=ADDRESS
    ) as browser:
        provider.claimed_issuer = "https://evil.example"
        answer = browser.get("/login", follow_redirects=False)
        assert answer.status_code == 503
        assert "登录平台没有应答" in answer.text
        provider.claimed_issuer, provider.has_keys = None, False
        assert browser.get("/login", follow_redirects=False).status_code == 503
        token = bearer(provider.token())
        assert browser.get("/api/v1/tables", headers=token).status_code == 503
        provider.has_keys = True
        assert log_in(browser).status_code == 303
        provider.has_keys, provider.signs = False, 1
        browser.app.state.access.provider._keys_asked -= 60  # type: ignore[attr-defined]  # a minute
        token = bearer(provider.token())
        assert browser.get("/api/v1/tables", headers=token).status_code == 503
    nowhere = Oidc("http://127.0.0.1:9", CLIENT, ADDRESS, SECRET)
    with TestClient(create_app(some, oidc=nowhere), base_url=ADDRESS) as browser:
        assert browser.get("/login", follow_redirects=False).status_code == 503
        assert browser.get("/api/v1/tables", headers=bearer("x.y.z")).status_code == 503
        assert browser.get("/static/style.css").status_code == 200


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
def test_nothing_is_asked_in_the_clear(
    name: str, some: Settings, oidc: Oidc, provider: TestProvider
) -> None:
    """A secret would be read, a key be put in the place of the provider's."""
    with TestClient(create_app(some, oidc=oidc), base_url=ADDRESS) as browser:
        provider.described = {name: "http://login.example.org/there"}
        assert browser.get("/login", follow_redirects=False).status_code == 503
        answer = browser.get("/api/v1/tables", headers=bearer(provider.token()))
        assert answer.status_code == 503
        provider.described = {}
        assert log_in(browser).status_code == 303


def test_the_clients_secret_is_needed(some: Settings, provider: TestProvider) -> None:
    wrong = Oidc(provider.issuer, CLIENT, ADDRESS, "wrong")
    with TestClient(create_app(some, oidc=wrong), base_url=ADDRESS) as browser:
        assert log_in(browser).status_code == 400
    assert "wrong" not in repr(wrong)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_who_has_no_role_is_told_so_in_both_languages(
    language: str, browser: TestClient, provider: TestProvider
) -> None:
    """403, on every page, with a way to log out; and nothing of the release."""
    provider.person = {"sub": "n-1", "roles": ["guest"]}
    log_in(browser)
    browser.cookies.set("juandi_language", language)
    for path in ("/", "/gaps", "/tables", "/export/gaps.csv"):
        answer = browser.get(path)
        assert answer.status_code == 403
        assert "您已登录，但在这里没有角色" in answer.text
        assert "You are logged in, but have no role here" in answer.text
        assert 'action="/logout"' in answer.text
        assert "scsl" not in answer.text
    answer = browser.get("/api/v1/tables")
    assert (answer.status_code, answer.json()["error"]) == (403, "no_role")


def test_roles_and_campaigns_by_name_and_mapping(some: Settings, provider: TestProvider) -> None:
    """Claims at any place of the token; campaigns of a claim and of juandi.toml together."""
    oidc = Oidc(
        provider.issuer, CLIENT, ADDRESS, SECRET,
        roles_claim="realm_access.roles", campaigns_claim="https://juandi/campaigns",
        person_claim="email", roles={"审查组": Role.REVIEWER, "ops": Role.ENGINEER},
        campaigns={"w@example.org": frozenset({"scsl-2024"})},
    )  # fmt: skip # one call
    claims = {
        "sub": "r",
        "realm_access": {"roles": ["审查组", "analyst"]},
        "https://juandi/campaigns": ["other"],
        "email": "w@example.org",
    }
    with TestClient(create_app(some, oidc=oidc), base_url=ADDRESS) as program:
        for verified, seen in ((True, ["scsl-2024"]), (False, []), (None, [])):
            token = provider.token(**claims, email_verified=verified)
            answer = program.get("/api/v1/tables", headers=bearer(token))
            assert answer.status_code == 200
            assert answer.json()["campaigns_seen"] == seen  # `other` is in no release
        odd = provider.token(sub="r", realm_access={"roles": {"审查组": 1}})
        assert program.get("/api/v1/tables", headers=bearer(odd)).status_code == 403


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "juandi.example.org"])  # noqa: S104
def test_nobody_else_is_served_without_a_login(host: str, some: Settings, oidc: Oidc) -> None:
    """The remedy is in the message; with a login any address is fine."""
    with pytest.raises(SettingsError, match=r"\[pages\.oidc\].*juandi\.toml"):
        serve(some, host, 1, 1, None)
    done = CliRunner().invoke(
        cli, ["serve", "--warehouse", str(some.warehouse), "--host", host], env={}
    )
    assert isinstance(done.exception, SettingsError)
    check_host(host, oidc)
    for own in ("127.0.0.1", "localhost", "::1"):
        check_host(own, None)


def test_every_answer_is_private(browser: TestClient) -> None:
    """No cache between keeps a page, a file or an answer to a program."""
    log_in(browser)
    for path in ("/gaps", "/export/gaps.csv", "/api/v1/tables", "/definitions/marts.audit_gaps"):
        assert browser.get(path).headers["cache-control"] == "private, no-cache"
    for path in ("/nope", "/gaps?x=1"):
        assert browser.get(path).headers["cache-control"] == "no-store"


def test_answers_around_logging_in_carry_the_headers(
    browser: TestClient, provider: TestProvider
) -> None:
    """Redirects, refusals, the page after logging out: none is framed, sniffed or kept."""
    provider.person = {"sub": "r", "name": "<script>alert(1)</script>", "roles": ["reviewer"]}
    answers = [browser.get("/gaps", follow_redirects=False), browser.get("/api/v1/tables"),
               browser.get("/login", follow_redirects=False), browser.get("/login/done?state=x"),
               log_in(browser), browser.get("/health"), browser.get("/nope"),
               browser.get("/gaps"), browser.post("/logout")]  # fmt: skip # a list
    statuses = [answer.status_code for answer in answers]
    assert statuses == [303, 401, 302, 400, 303, 403, 404, 200, 200]
    for answer in answers:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        assert "<script>alert" not in answer.text
    assert browser.get("/nope").status_code == 404
