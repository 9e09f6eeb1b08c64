"""HTTP(S): a file at an address, or the rows of a JSON interface page by page, one line each.

Redirects are not followed: a token would go wherever they lead. A server's figures about its own
answer are compared with the answer; one that cannot be compared is asked for what lies behind it.
"""

from __future__ import annotations

import base64
import hashlib
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from pipelines.settings import MIB
from pipelines.stages.fetch.declared import HttpPull, Paging
from pipelines.stages.fetch.offers import Landed, Offer, Offered, due
from pipelines.stages.fetch.rules import PullFailed
from pipelines.stages.fetch.secrets import hidden

if TYPE_CHECKING:
    import httpx2
    import msgspec

#: Of one page; a thousand gifts are about one.
_MOST_OF_A_PAGE = 64 * MIB
_MOST_PAGES = 100_000
_DIGEST = re.compile(r"sha-256=:?([A-Za-z0-9+/]{43}=):?", re.IGNORECASE)


class Web:
    """An address. `today` is the Beijing day on which it is asked."""

    def __init__(self, pull: HttpPull, today: date) -> None:
        import httpx2

        self._pull, self._today = pull, today
        self._secrets = pull.secrets()
        self._until = time.monotonic() + pull.minutes * 60
        password = self._secrets.get("password", "")
        context = ssl.create_default_context()
        if pull.ca:
            context.load_verify_locations(pull.ca)
        self._client = httpx2.Client(
            headers={"Accept-Encoding": "identity", **pull.filled("headers", self._secrets)},
            auth=(pull.user, password) if pull.user else None,
            timeout=pull.timeout,
            follow_redirects=False,
            # a connection each: what a lying answer leaves behind would begin the next one
            limits=httpx2.Limits(max_keepalive_connections=0),
            verify=context,
        )

    @contextmanager
    def _said(self) -> Iterator[None]:
        """Turns what the library raises into PullFailed."""
        import httpx2

        try:
            yield
        except httpx2.RequestError as error:
            said = hidden(error, self._secrets.values())
            if isinstance(error, httpx2.RemoteProtocolError):
                raise PullFailed("pull.length", said) from None
            raise PullFailed("pull.unreachable", f"{type(error).__name__}: {said}") from None

    def _request(self, method: str, day: date, **more: Any) -> httpx2.Request:
        """A request for a day, with its parameters. `more`: headers, params of this one."""
        days = {"day": day, "next_day": day + timedelta(days=1), "since": day}
        params = {k: v.format(**days) for k, v in self._texts().items()}
        params |= {k: str(v) for k, v in more.get("params", {}).items()}
        params |= {k: s for k, s in self._pull.filled("params", self._secrets).items()
                   if f"params.{k}" in self._secrets}  # fmt: skip # a condition
        return self._client.build_request(
            method,
            self._pull.url.format(**days),
            params=params or None,
            headers=more.get("headers"),
        )

    def _texts(self) -> dict[str, str]:
        return {
            k: v
            for k, v in self._pull.filled("params", self._secrets).items()
            if f"params.{k}" not in self._secrets
        }

    def listing(self, landed: Landed) -> Offered:
        """What is due. Of a file its version is asked for; of pages nothing is known before."""
        found = Offered()
        for stem, day in due(self._pull, landed, self._today):
            self._check_time()
            name = f"{stem}{self._pull.suffix}"
            if self._pull.pages is not None:
                is_day = self._pull.asks != "all"
                found.offers.append(Offer(name, name, may_be_empty=is_day, day=day))
            elif offer := self._head(name, day):
                found.offers.append(offer)
            else:
                found.passed_over += 1  # the day's file is not there yet
        return found

    def _head(self, name: str, day: date) -> Offer | None:
        """The file of a day as its headers describe it; None where there is none for that day."""
        with self._said():
            answer = self._client.send(self._request("HEAD", day))
            if answer.status_code in {405, 501}:  # it knows GET only
                answer = self._client.send(self._request("GET", day), stream=True)
                answer.close()
        if answer.status_code == 404 and self._pull.asks == "day":
            return None
        self._check(answer)
        return self._offer(name, day, answer)

    def _offer(self, name: str, day: date, answer: httpx2.Response) -> Offer:
        tag, told = answer.headers.get("ETag"), answer.headers.get("Last-Modified")
        size = _whole(answer.headers.get("Content-Length"))
        is_weak = (tag or "").startswith("W/")
        version = tag or (f"{told} {size}" if told else None)
        return Offer(
            name=name,
            at=hidden(str(answer.request.url.copy_with(query=None)), self._secrets.values()),
            size=size,
            modified=_moment(told),
            version=version,
            can_resume=version is not None and not is_weak,
            day=day,
        )

    def _check(self, answer: httpx2.Response) -> None:
        """Raises PullFailed for any answer but the one asked for."""
        code = answer.status_code
        if code in {200, 206}:
            return
        if code in {401, 403, 407}:
            raise PullFailed("pull.not_authenticated", f"HTTP {code}")
        if code in {404, 410}:
            raise PullFailed("pull.not_found", f"HTTP {code}")
        if code in {408, 425, 429} or code >= 500:
            wait = _pause(answer.headers.get("Retry-After"))
            raise PullFailed("pull.busy", f"HTTP {code}", wait=wait)
        if code == 416:  # there is nothing more, though the length said so
            raise PullFailed("pull.length", f"HTTP {code}")
        if 300 <= code < 400:
            raise PullFailed("pull.answer", f"HTTP {code}: redirects are not followed")
        raise PullFailed("pull.answer", f"HTTP {code}")

    def read(self, offer: Offer, start: int) -> Iterator[bytes]:
        """Its bytes from `start` on; of pages, their rows as lines of JSON."""
        day = offer.day or self._today
        if self._pull.pages is not None:
            yield from Pages(self, self._pull.pages, day).lines()
            return
        headers = {"Range": f"bytes={start}-"} if start else {}
        if start and offer.version and offer.version.startswith('"'):
            headers["If-Range"] = offer.version
        with self._said():
            answer = self._client.send(self._request("GET", day, headers=headers), stream=True)
            try:
                yield from self._body(offer, start, answer)
            finally:
                answer.close()

    def _body(self, offer: Offer, start: int, answer: httpx2.Response) -> Iterator[bytes]:
        self._check(answer)
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            raise PullFailed("pull.answer", "Content-Encoding")
        told = _range_start(answer.headers.get("Content-Range"))
        if answer.status_code == 206 and told != start:
            raise PullFailed("pull.answer", "Content-Range")
        skipped = start if start and answer.status_code == 200 else 0  # it knows no ranges
        if answer.status_code == 200:
            now = self._offer(offer.name, offer.day or self._today, answer)
            if now.version != offer.version:
                raise PullFailed("pull.changed")
        stated = _DIGEST.search(answer.headers.get("Repr-Digest", answer.headers.get("Digest", "")))
        digest = hashlib.sha256()
        for block in answer.iter_raw():
            digest.update(block)
            taken, skipped = block[skipped:], max(skipped - len(block), 0)
            if taken:
                yield taken
        if stated and answer.status_code == 200 and base64.b64decode(stated[1]) != digest.digest():
            raise PullFailed("pull.checksum", "Digest")

    def check_end(self, offer: Offer, size: int) -> None:
        """A length that is too short makes a whole answer of a part: is there a byte after it?

        A server that knows no ranges cannot be asked.
        """
        if not offer.can_resume:
            return
        with self._said():
            headers = {"Range": f"bytes={size}-"}
            request = self._request("GET", offer.day or self._today, headers=headers)
            answer = self._client.send(request, stream=True)
            is_more = answer.status_code == 206 and any(answer.iter_raw(1))
            answer.close()
        if is_more:
            raise PullFailed("pull.length", f"> {size}")

    def again(self, offer: Offer) -> Offer:
        """As its headers are now; pages are compared with their total instead."""
        if self._pull.pages is not None:
            return offer
        now = self._head(offer.name, offer.day or self._today)
        if now is None:
            raise PullFailed("pull.changed", "it is gone")
        return now

    def _check_time(self) -> None:
        if time.monotonic() > self._until:
            raise PullFailed("pull.slow", f"{self._pull.minutes:g} min")

    def page(self, day: date, params: dict[str, Any]) -> bytes:
        """One page, whole."""
        with self._said():
            request = self._request("GET", day, params=params)
            answer = self._client.send(request, stream=True)
            try:
                self._check(answer)
                body = bytearray()
                for block in answer.iter_bytes():
                    body += block
                    self._check_time()
                    if len(body) > _MOST_OF_A_PAGE:
                        raise PullFailed("pull.too_large", f"a page > {_MOST_OF_A_PAGE} bytes")
            finally:
                answer.close()
        return bytes(body)

    def close(self) -> None:
        """Closes its connections."""
        self._client.close()


class Pages:
    """The pages of a day, one after another; each row as it was written, numbers and all."""

    def __init__(self, web: Web, how: Paging, day: date) -> None:
        self._web, self._how, self._day = web, how, day
        self._seen: set[bytes] = set()

    def lines(self) -> Iterator[bytes]:
        """A line for each row. Raises PullFailed where the pages cannot be all of it, and once."""
        import msgspec

        how, count, total = self._how, 0, None
        mark: str | None = None
        for number in range(_MOST_PAGES):
            params: dict[str, Any] = {how.number: how.first + number} if how.number else {}
            if how.cursor and mark is not None:
                params = {how.cursor: mark}
            try:
                document = msgspec.json.decode(self._web.page(self._day, params), type=msgspec.Raw)
                rows = _at(document, how.rows)
                items = msgspec.json.decode(rows, type=list[msgspec.Raw]) if rows else []
                total = _number(_at(document, how.total)) if how.total else None
                mark = _text(_at(document, how.next)) if how.next else None
                written = [msgspec.json.format(bytes(item), indent=-1) for item in items]
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise PullFailed("pull.answer", f"page {number + 1}: {hidden(error)}") from None
            if rows is None and number == 0 and total != 0:
                raise PullFailed("pull.answer", f"no {how.rows}")
            digest = hashlib.sha256(b"\n".join(written)).digest()
            if written and digest in self._seen:
                raise PullFailed("pull.pages", f"page {number + 1} came before")
            self._seen.add(digest)
            count += len(written)
            yield b"".join(line + b"\n" for line in written)
            if self._is_last(written, count, total, mark):
                break
        else:
            raise PullFailed("pull.pages", f"> {_MOST_PAGES} pages")
        if total is not None and count != total:
            raise PullFailed("pull.pages", f"{count} of {total}")

    def _is_last(self, rows: list[bytes], count: int, total: int | None, mark: str | None) -> bool:
        if self._how.cursor:
            return not mark
        return not rows or (total is not None and count >= total)


def _at(document: msgspec.Raw, path: str) -> msgspec.Raw | None:
    """The part of a JSON document at keys joined by dots; None where it is not there or null."""
    import msgspec

    part: msgspec.Raw | None = document
    for key in path.split("."):
        if part is None:
            return None
        part = msgspec.json.decode(part, type=dict[str, msgspec.Raw]).get(key)
    return None if part is None or bytes(part).strip() == b"null" else part


def _number(raw: msgspec.Raw | None) -> int | None:
    import msgspec

    return None if raw is None else msgspec.json.decode(raw, type=int, strict=False)


def _text(raw: msgspec.Raw | None) -> str | None:
    import msgspec

    if raw is None:
        return None
    found = msgspec.json.decode(raw, type=str | int | bool)
    return None if found is False or found == "" else str(found)


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _range_start(text: str | None) -> int | None:
    found = re.match(r"bytes (\d+)-", text or "")
    return int(found[1]) if found else None


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except (TypeError, ValueError):
        return None


def _pause(text: str | None) -> float:
    """Seconds of `Retry-After`, which is a number or a moment."""
    if text and text.strip().isdigit():
        return float(text)
    moment = _moment(text)
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0) if moment else 0.0
