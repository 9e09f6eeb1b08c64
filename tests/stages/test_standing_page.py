"""The table of examples in docs/decisions/standing-of-files.md is what happens."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from pathlib import Path

import pytest

from pipelines.settings import PROJECT_ROOT
from pipelines.stages.standing.resolve import resolve
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.receipts import FileDecision
from tests.stages.landings import Landing, conserves, row, table

PAGE = PROJECT_ROOT / "docs" / "decisions" / "standing-of-files.md"
SOURCES = {"gifts": "tencent_donations", "campaigns": "campaigns", "notices": "donation_notices"}
DAY = 86_400


def examples() -> list[tuple[str, str, str, str]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in lines if "|" in line]
    return [(c[0], c[1], c[2], c[3]) for c in cells if len(c) == 4 and c[0] in SOURCES]


def test_there_are_examples() -> None:
    """Of every source, and of every way in which a file can stand."""
    told = examples()
    assert {source for source, *_ in told} == set(SOURCES)
    stands = {word for _, _, how, _ in told for word in how.split(", ")}
    assert stands == {"loaded", "duplicate", "reissue", "superseded", "held", "rejected"}


def gift(said: str) -> dict[str, str]:
    number, _, times = said.partition("x")
    amount = (10 + int(number) % 7) * int(times or 1)
    return row("tencent_donations", 订单号=f"{10**19 + int(number)}", 捐款金额=f"{amount}.00")


def bytes_of(kind: str, rows: list[str]) -> bytes:
    rows = [said for said in rows if said != "-"]
    if kind == "notices":
        dated = any("@" in said for said in rows)
        lines = ["捐赠单位,金额" + (",日期" if dated else "")]
        for said in rows:
            gave, _, day = said.partition("@")
            donor, _, amount = gave.partition("=")
            on = f",2024-{day[:2]}-{day[2:]}" if dated else ""
            lines.append(f"某市{donor}某有限公司,{amount}{on}")
        return ("\n".join(lines) + "\n").encode()
    if not rows:
        heading = table([row(SOURCES[kind])]).split(b"\n")[0]
        return heading.strip() + b"\n"
    if kind == "gifts":
        return table([gift(said) for said in rows])
    return table([row("campaigns", 活动编号=said) for said in rows])


def packed(name: str, data: bytes) -> bytes:
    if name.endswith(".gz"):
        return gzip.compress(data, mtime=0)
    if name.endswith(".zip"):
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as archive:
            archive.writestr("export.csv", data)
        return held.getvalue()
    return data


def stands(landing: Landing, kind: str) -> list[str]:
    lake = landing.lake(SOURCES[kind])
    if kind == "gifts":
        said = [str(int(number) - 10**19) for number in lake.get_column("order_no")]
        return sorted(said, key=int)
    if kind == "campaigns":
        return sorted(lake.get_column("campaign_id"))
    rows = lake.select("donor_name_public", "amount_fen").rows()
    return sorted(f"{name[2]}={fen // 100}" for name, fen in rows)


@pytest.mark.parametrize(("kind", "lands", "how", "rows"), examples())
def test_an_example(tmp_path: Path, kind: str, lands: str, how: str, rows: str) -> None:
    landing = Landing(tmp_path)
    for event in (e.strip() for e in lands.split(";")):
        if event in ("accept", "reject"):
            (held,) = [s for s in resolve(landing.settings) if s.status == "held"]
            decision = FileDecision(f"{event}ed", "as tried", "a tester", "2024-08-05T09:00:00")
            Catalog(landing.settings).decide_file(held.receipt.file_id, decision)
            landing.load()
            continue
        if event.startswith("+"):
            landing.wait(DAY)
        name, _, said = event.removeprefix("+").strip().partition(": ")
        landing.put(f"{SOURCES[kind]}/{name}", packed(name, bytes_of(kind, said.split())))
        landing.load()
    accounts = landing.accounts()
    assert ", ".join(a.status for a in accounts) == how
    assert all(conserves(a) for a in accounts)
    lake = stands(landing, kind) if any(a.rows_loaded for a in accounts) else []
    assert lake == sorted(rows.split(), key=lambda s: int(s) if s.isdigit() else s)


def test_the_page_names_the_commands() -> None:
    assert re.search(r"juandi files accept", PAGE.read_text(encoding="utf-8"))
