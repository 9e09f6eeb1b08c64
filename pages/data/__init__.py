"""The release behind a request, and the archive behind a line."""

from pages.data.archive import ArchiveReader
from pages.data.open_release import Busy, Limits, Reader, Row, TooSlow
from pages.data.releases import NoRelease, Releases

__all__ = ["ArchiveReader", "Busy", "Limits", "NoRelease", "Reader", "Releases", "Row", "TooSlow"]
