"""One request: the release it reads, the language it is answered in, and how an answer is made.

An answer is good until another release is published: the browser asks each time, and is told "not
modified" without a query.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, cast
from urllib.parse import urlencode

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse

from pages.data import Reader, Releases
from pages.web.assets import build_id
from pages.web.rendering import render
from pages.words import LANGUAGES, Catalogue, Language, catalogue

LANGUAGE_COOKIE = "juandi_language"


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

    def __init__(self, request: Request, reader: Reader) -> None:
        self.request = request
        self.reader = reader
        self.say: Catalogue = catalogue(language_of(request))

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The URL's parameters in order, repeated ones too."""
        return self.request.query_params.multi_items()

    @property
    def headers(self) -> dict[str, str]:
        """How long the answer is good."""
        tag = f"{self.reader.release.release_id}.{self.say.language}.{build_id()}"
        return {"ETag": f'W/"{tag}"', "Cache-Control": "private, no-cache", "Vary": "Cookie"}

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A filled template."""
        text = render(
            template,
            self.say,
            visit=self,
            path=self.request.url.path,
            release=self.reader.release,
            here=self.link(),
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
    with releases.reader() as reader:
        visit = Visit(request, reader)
        given = request.headers.get("if-none-match", "")
        if visit.headers["ETag"] in [tag.strip() for tag in given.split(",")]:
            raise NotModified(visit.headers)
        yield visit


#: What a view takes. The release is opened before the view runs and kept until it has answered.
ThisVisit = Annotated[Visit, Depends(_visit, scope="function")]
#: The same for a view that streams: the reader is kept until the last part was sent.
StreamingVisit = Annotated[Visit, Depends(_visit, scope="request")]
