"""The tables that pages show and export."""

from pages.listings.asking import (
    Asked,
    BadParameter,
    FoundRows,
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
    "FoundRows",
    "How",
    "Listing",
    "Narrow",
    "ask",
    "choices",
    "everything",
    "is_number",
    "look",
    "typed",
]
