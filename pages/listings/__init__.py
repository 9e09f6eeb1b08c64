"""The tables that pages show and export."""

from pages.listings.asking import (
    Asked,
    BadParameter,
    Shown,
    ask,
    choices,
    everything,
    look,
    typed,
)
from pages.listings.listing import TABLES, How, Listing, Narrow, is_number

__all__ = [
    "TABLES",
    "Asked",
    "BadParameter",
    "How",
    "Listing",
    "Narrow",
    "Shown",
    "ask",
    "choices",
    "everything",
    "is_number",
    "look",
    "typed",
]
