"""One request: the release it reads, the language it is answered in, and how an answer is made.

An answer is good until another release is published: the browser asks each time, and is told "not
modified" without a query. It is one person's: roles and campaigns are in its tag.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, cast
from urllib.parse import urlencode

from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse

from pages.access.people import AT_THIS_MACHINE, Person
from pages.access.routes import may
from pages.data import Reader, Releases
from pages.listings import Listing
from pages.listings.declared import listing, names
from pages.listings.summed import counted_in
from pages.web.assets import build_id
from pages.web.guard import NotForRole
from pages.web.rendering import render
from pages.words import LANGUAGES, Catalogue, Language, catalogue
from pipelines.tables.behind import behind_of

LANGUAGE_COOKIE = "juandi_language"
#: Parameters that name something assigned, and the keys of those (`pages.access.seen`).
_ASSIGNED = {
    "campaign": "campaign_id",
    "campaign_id": "campaign_id",
    "registered_campaign_id": "campaign_id",
    "chain": "chain_id",
    "chain_id": "chain_id",
}


class NotModified(Exception):  # noqa: N818 - reads as what it says
    """The browser has this very answer."""

    def __init__(self, headers: dict[str, str]) -> None:
        super().__init__()
        self.headers = headers


def language_of(request: Request) -> Language:
    """What the reader chose, else Chinese."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    return cast("Language", chosen) if chosen in LANGUAGES else "zh"


class Visit:
    """What a view needs: `reader` for queries, `say` for words, `page` for the answer."""

    def __init__(self, request: Request, reader: Reader, person: Person) -> None:
        self.request = request
        self.reader = reader
        self.person = person
        self.say: Catalogue = catalogue(language_of(request))
        self._followed: dict[tuple[str, ...], bool] = {}

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The URL's parameters in order, repeated ones too."""
        return self.request.query_params.multi_items()

    @property
    def headers(self) -> dict[str, str]:
        """How long the answer is good."""
        older = self.reader.older_shown
        shown = (
            f"{self.reader.release.release_id}{f'.{older.since.at:%Y%m%d%H%M%S}' if older else ''}"
        )
        tag = f"{shown}.{self.say.language}.{build_id()}"
        vary = "Cookie"
        if self.person is not AT_THIS_MACHINE:
            tag, vary = f"{tag}.{self.person.tag}", "Cookie, Authorization"
        return {"ETag": f'W/"{tag}"', "Cache-Control": "private, no-cache", "Vary": vary}

    @property
    def is_limited(self) -> bool:
        """Whether only some campaigns are seen: each answer says which."""
        return self.reader.scope.campaigns is not None

    @property
    def campaigns(self) -> list[str]:
        """The ids of the campaigns, and of chains of no campaign, that a reviewer sees."""
        if not self.is_limited:
            return []
        assigned = "chain_id IN (SELECT id FROM own.assigned)"
        return [*self._own("campaign_id"), *self._own("chain_id", assigned)]

    @property
    def limits(self) -> list[tuple[str, str]]:
        """What narrows every file of a reviewer: (what it is called, their campaigns)."""
        if not self.is_limited:
            return []
        return [(self.say("access.seen"), ", ".join(self.campaigns) or self.say("access.none"))]

    @property
    def older(self) -> str | None:
        """That this is an older release than the newest, since when, and to whom all is shown by
        whom and why; None of the newest."""
        found = self.reader.older_shown
        if found is None:
            return None
        since = found.since
        told = [
            self.say(
                "footer.older_text",
                since=f"{since.at:%Y-%m-%d %H:%M}",
                newer=len(found.newer),
            )
        ]
        if not self.is_limited and since.by:
            told.append(self.say("footer.older_by", by=since.by))
        if not self.is_limited and since.reason:
            told.append(self.say("footer.older_why", reason=since.reason))
        return " ".join(told)

    def listing(self, name: str) -> Listing:
        """A listing or table that the person sees. Raises HTTPException and NotForRole."""
        try:
            known = listing(name)
        except KeyError:
            raise HTTPException(404) from None
        if not self.reader.scope.sees(known.table):
            raise NotForRole
        return known

    def sees(self, name: str) -> bool:
        """Whether this code knows a listing and the person sees its table."""
        return name in self.names()

    def names(self) -> list[str]:
        """Everything that `listing` knows and the person sees."""
        return [name for name in names() if self.reader.scope.sees(listing(name).table)]

    def may_follow(self, path: str) -> bool:
        """Whether the person may ask for what a cell leads to: a line, rows, another page."""
        _, kind, *parts = path.partition("?")[0].split("/")
        key = (kind, *parts) if kind == "rows" else (kind,)
        if key not in self._followed:  # a page asks for every cell, and columns are few
            self._followed[key] = self._may_follow(kind, parts)
        return self._followed[key]

    def _may_follow(self, kind: str, parts: Sequence[str]) -> bool:
        if kind == "lines":
            return may(self.person, "/lines/{file_id}/{line}")
        if kind in ("search", "gaps", "reviews"):
            return may(self.person, f"/{kind}")
        if kind == "rows":
            table, column = parts
            behind = behind_of(counted_in(table), column)
            is_seen = behind is None or self.reader.scope.sees(behind.table)
            return is_seen and may(self.person, "/rows/{table}/{column}")
        return True

    def only_assigned(self) -> None:
        """Refuses what names a campaign or chain that is not theirs. Raises HTTPException."""
        if self.is_limited:
            for name, value in self.parameters:
                key = _ASSIGNED.get(name)
                if key and value and value not in self._own(key):
                    raise HTTPException(404)

    def _own(self, key: str, where: str = "true") -> list[str]:
        sql = f"SELECT {key} AS id FROM own.{key}s WHERE {where} ORDER BY 1"
        return [row["id"] for row in self.reader.kept(sql)]

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A filled template."""
        text = render(
            template,
            self.say,
            visit=self,
            path=self.request.url.path,
            release=self.reader.release,
            here=self.link(),
            person=self.person,
            **values,
        )
        return HTMLResponse(text, status, self.headers)

    def file(self, content: bytes, name: str, media_type: str) -> Response:
        """A file to save; its name is ours alone, never a part of the URL."""
        return Response(
            content,
            headers=self.headers | {"Content-Disposition": f'attachment; filename="{name}"'},
            media_type=media_type,
        )

    def stream(self, parts: Iterator[bytes], name: str, media_type: str) -> Response:
        """The same, a part at a time, for a view that keeps its reader until all is sent."""
        kept = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingResponse(parts, headers=self.headers | kept, media_type=media_type)

    def link(self, path: str | None = None, **changes: object) -> str:
        """This URL, or another path with its parameters, after `changes`; None leaves one out."""
        kept = [(n, v) for n, v in self.parameters if v and n not in changes and n != "page"]
        new = [(n, str(v)) for n, v in changes.items() if v is not None]
        return url(path or self.request.url.path, [*kept, *new])

    def without(self, name: str, value: str) -> str:
        """This URL without one value of a parameter."""
        kept = [(n, v) for n, v in self.parameters if v and (n, v) != (name, value)]
        return url(self.request.url.path, [(n, v) for n, v in kept if n != "page"])


def url(path: str, parameters: Sequence[tuple[str, object]] = ()) -> str:
    """A path with parameters, those without a value left out."""
    told = [(name, str(value)) for name, value in parameters if value is not None]
    return f"{path}?{urlencode(told)}" if told else path


def _visit(request: Request) -> Iterator[Visit]:
    releases: Releases = request.app.state.releases
    person: Person = request.state.person
    with releases.reader(person.scope) as reader:
        visit = Visit(request, reader, person)
        visit.only_assigned()
        given = request.headers.get("if-none-match", "")
        if visit.headers["ETag"] in [tag.strip() for tag in given.split(",")]:
            raise NotModified(visit.headers)
        yield visit


#: What a view takes. The release is opened before the view runs and kept until it has answered.
ThisVisit = Annotated[Visit, Depends(_visit, scope="function")]
#: The same for a view that streams: the reader is kept until the last part was sent.
StreamingVisit = Annotated[Visit, Depends(_visit, scope="request")]
