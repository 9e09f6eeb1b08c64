"""The release behind a request."""

from pages.data.open_release import Busy, Limits, Reader, Row, TooSlow
from pages.data.releases import NoRelease, Releases

__all__ = ["Busy", "Limits", "NoRelease", "Reader", "Releases", "Row", "TooSlow"]
