"""Where a link may lead: to these pages alone."""

from __future__ import annotations

from urllib.parse import urlsplit


def own_path(back: str) -> str:
    """The path, if it is one of these pages: nobody is sent elsewhere."""
    parts = urlsplit(back)
    own = back.startswith("/") and not back.startswith(("//", "/\\"))
    clean = all(sign.isprintable() for sign in back)
    return back if own and clean and not parts.scheme and not parts.netloc else "/"
