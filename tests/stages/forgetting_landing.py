"""Two people's gifts in a landing, and how one of them is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from pipelines.definitions.warehouse import held
from pipelines.sources import SOURCES
from pipelines.stages.load.keys import held_key
from pipelines.stages.load.load import load_all
from pipelines.stages.load.unnaming import PersonRows, found_rows
from pipelines.stages.receive.forgetting import (
    ForgetRequest,
    forget_person,
    known_before,
    of_sources,
    read_named,
)
from tests.stages.landings import Landing, row, table

GIFTS, NOTICES, OFFLINE, PAID_BACK = (
    *("tencent_donations", "donation_notices", "offline_gifts", "repayments"),
)
WHO, OTHER = "u00000001", "u00000002"
NAMED = f"捐款人ID={WHO}"
FORGETTING = [name for name, source in SOURCES.items() if source.identity]


def gift(number: int, who: str, **changed: str) -> dict[str, str]:
    """A gift of so many yuan."""
    own = {"订单号": f"{10**19 + number}", "捐款金额": f"{number}.00", "退款金额": ""}
    return row(GIFTS, **{**own, "捐款人ID": who, **changed})


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    """Two files: one of both people with a refused row of the first, and one of the other alone."""
    landing = Landing(tmp_path)
    rows = [gift(1, WHO), gift(2, OTHER), gift(3, WHO), gift(4, WHO, 捐款金额="0.00")]
    landing.put(f"{GIFTS}/both_20240802.csv", table(rows))
    landing.put(f"{GIFTS}/other_20240803.csv", table([gift(5, OTHER)]))
    landing.load()
    return landing


def forgotten(landing: Landing, *lines: str, case: str = "DSR-2024-1") -> list[PersonRows]:
    """Forgets whoever these lines name; what was found of them. Nothing is read yet."""
    key = held_key(landing.settings)
    person = read_named(lines, key)
    found = found_rows(landing.settings, person.pseudonyms, key)
    person = of_sources(person, found, known_before(landing.settings, person, key), key)
    forget_person(landing.settings, person, found, request(case), key)
    return found


def request(case: str = "DSR-2024-1") -> ForgetRequest:
    return ForgetRequest(case, "consent_withdrawn", "privacy", "2024-08-06T09:00:00+08:00")


def applied(landing: Landing) -> Sequence[str]:
    """What a refresh does about it; the files that were read again."""
    with held(landing.settings):
        return [loaded.receipt.file_name for loaded in load_all(landing.settings)]


def orders(landing: Landing) -> dict[int, tuple[int, str]]:
    """Number of the gift → fen, kind of donor."""
    lake = landing.lake(GIFTS).select("order_no", "amount_fen", "donor_kind")
    return {int(order) - 10**19: (fen, kind) for order, fen, kind in lake.iter_rows()}


def pseudonym(landing: Landing, number: int) -> str:
    """What the lake has in place of the donor of a gift."""
    found = landing.lake(GIFTS).filter(order_no=f"{10**19 + number}")
    return str(found["donor_key"][0])
