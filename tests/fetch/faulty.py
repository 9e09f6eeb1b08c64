"""A web server with faults: drops, lies about lengths, changes files while they are read."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass
class File:
    """A file at a path, and what is wrong with it.

    `drop_after`: bytes of an answer after which the connection is closed; `stated`: the length told
    instead of the right one; `on_read` is called when half of an answer is sent; `statuses` are
    given, with headers, before the file is.
    """

    body: bytes
    ranges: bool = True
    validators: bool = True
    drop_after: int | None = None
    stated: int | None = None
    pause: float = 0.0
    on_read: Callable[[], None] | None = None
    statuses: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def tag(self) -> str:
        """Of its bytes."""
        return f'"{hashlib.md5(self.body).hexdigest()}"'  # noqa: S324 - a name


@dataclass
class Asked:
    """A request as it came."""

    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]


Answer = Callable[[Asked], tuple[int, Any]]


class Faulty:
    """The server; `files` by path, `answers` are functions that give a status and JSON."""

    def __init__(self) -> None:
        self.files: dict[str, File] = {}
        self.answers: dict[str, Answer] = {}
        self.asked: list[Asked] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def stop(self) -> None:
        """Ends it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def count(self, method: str) -> int:
        """How many requests of a method came."""
        return sum(1 for asked in self.asked if asked.method == method)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        faulty = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                faulty._serve(self, "GET")

            def do_HEAD(self) -> None:
                faulty._serve(self, "HEAD")

            def log_message(self, *_: Any) -> None:
                """Says nothing."""

        return Handler

    def _serve(self, request: BaseHTTPRequestHandler, method: str) -> None:
        parts = urlsplit(request.path)
        asked = Asked(method, parts.path, dict(parse_qsl(parts.query)), dict(request.headers))
        self.asked.append(asked)
        if parts.path in self.answers:
            status, document = self.answers[parts.path](asked)
            body = document if isinstance(document, bytes) else json.dumps(document).encode()
            _head(request, status, {"Content-Length": str(len(body))})
            request.wfile.write(body)
        elif parts.path in self.files:
            self._file(request, method, self.files[parts.path], asked)
        else:
            _head(request, 404, {"Content-Length": "0"})

    def _file(self, request: BaseHTTPRequestHandler, method: str, file: File, asked: Asked) -> None:
        if method == "GET" and file.statuses:
            status, headers = file.statuses.pop(0)
            _head(request, status, {"Content-Length": "0", **headers})
            return
        body, status, headers = file.body, 200, dict(file.headers)
        if file.validators:
            headers["ETag"] = file.tag
        if file.ranges:
            headers["Accept-Ranges"] = "bytes"
        wanted = asked.headers.get("Range", "")
        if file.ranges and wanted.startswith("bytes=") and _same(asked, file):
            start = int(wanted.removeprefix("bytes=").partition("-")[0])
            if start >= len(body):
                _head(request, 416, {"Content-Length": "0"})
                return
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
            body, status = body[start:], 206
        stated = file.stated if file.stated is not None and status == 200 else len(body)
        _head(request, status, {**headers, "Content-Length": str(stated)})
        if method == "GET":
            _send(request, file, body)


def _same(asked: Asked, file: File) -> bool:
    return asked.headers.get("If-Range", file.tag) == file.tag


def _head(request: BaseHTTPRequestHandler, status: int, headers: dict[str, str]) -> None:
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name, value)
    request.end_headers()


def _send(request: BaseHTTPRequestHandler, file: File, body: bytes) -> None:
    half = len(body) // 2
    try:
        for block in (body[:half], body[half:]):
            left = None if file.drop_after is None else file.drop_after
            request.wfile.write(block if left is None else block[:left])
            request.wfile.flush()
            if left is not None and left < len(block):
                request.close_connection = True
                request.connection.close()
                return
            if file.on_read and block == body[:half]:
                file.on_read()
            time.sleep(file.pause)
    except OSError:
        request.close_connection = True
