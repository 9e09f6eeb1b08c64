"""The evidence pack of a campaign's reviews: what a reviewer puts into the file.

    index.html     prints well: levels, gaps by body, matrix, source files
    matrix.xlsx    subjects by level
    gaps.xlsx      gaps, a sheet per body
    records.csv    every review record, all rounds, with its file and line
    sources.csv    the files that they were read from, with their sha256
    manifest.json  release, content hash, and the sha256 of each of these

It holds all of the chain that the campaign uses, as the completeness page does. Made of the pages'
own templates, queries and files, from one release: the same release gives the same bytes. Where it
is written to, and how it is asked for, belongs to `cli` and `views`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from pages.data import Reader, Row
from pages.exports import csv_parts, workbook
from pages.exports.reviews import (
    LEVEL_COLUMNS,
    body_name,
    gap_sheets,
    matrix_sheets,
)
from pages.listings import TABLES, ask, everything
from pages.listings.declared import listing
from pages.queries import bodies as owing
from pages.queries import completeness
from pages.queries.completeness import AFTER, BEFORE
from pages.queries.wanted import STATUSES, Wanted
from pages.web.assets import assets
from pages.web.board import Board, columns_of, in_language
from pages.web.rendering import render
from pages.words import Catalogue

_OWED = columns_of(
    "marts.audit_gaps",
    "subject_id level_no gap_type severity detail_zh detail_en opened_at days_open",
)
_SOURCES = "source file_name sha256 bytes partition rows_read rows_loaded rows_quarantined status"


class NoChain(LookupError):  # noqa: N818 - reads as what it says
    """The campaign is not known, or uses no review chain that the release has levels of."""


def pack(
    reader: Reader, say: Catalogue, campaign_id: str, limits: Sequence[tuple[str, str]] = ()
) -> Mapping[str, bytes]:
    """File name → content; `limits` are label and text of what its reader sees alone.

    Raises NoChain.
    """
    campaign = reader.row("SELECT * FROM star.dim_campaign WHERE campaign_id = ?", [campaign_id])
    chain_id = campaign["chain_id"] if campaign else None
    chain = next((c for c in completeness.chains(reader) if c["chain_id"] == chain_id), None)
    if campaign is None or chain is None:
        raise NoChain(campaign_id)
    levels = completeness.levels(reader, chain["chain_id"])
    subjects = completeness.subjects(reader, Wanted.all_of(chain["chain_id"]), None)
    gaps = ask(listing("gaps"), [("chain_id", chain["chain_id"])])
    sources = _sources(reader, campaign_id, chain["chain_id"])
    told = [(say("filters.campaign"), f"{campaign['name_zh']} ({campaign_id})"), *limits]
    title = say("pack.title")
    records = ask(listing("reviews"), [("chain_id", chain["chain_id"])])
    own = {column.name: column for column in TABLES["star.fact_review_event"].columns}
    keys = (own["chain_id"], own["subject_id"])
    found = {
        "matrix.xlsx": workbook(
            say, reader.release, title, told, matrix_sheets(say, levels, subjects)
        ),
        "gaps.xlsx": workbook(say, reader.release, title, told, gap_sheets(reader, say, gaps)),
        "records.csv": b"".join(
            csv_parts(say, (*keys, *listing("reviews").fields), everything(reader, records))
        ),
        "sources.csv": b"".join(csv_parts(say, sources.columns, [sources.rows])),
        "style.css": assets()["style.css"].content,
    }
    files = [(name, say(f"pack.file.{name.partition('.')[0]}")) for name in list(found)[:4]]
    index = render(
        "pack.html", say, visit=None, campaign=campaign, chain=chain, levels=levels,
        level_columns=LEVEL_COLUMNS, release=reader.release, limits=limits, files=files,
        before=BEFORE, after=AFTER, subjects=subjects, sort="", descending=False, statuses=STATUSES,
        sources=sources, bodies=[
            Board(
                f"body{number}", "marts.audit_gaps", in_language(say, _OWED),
                owing.of_body(reader, gaps, body["responsible_uscc"]),
                caption=body_name(say, body),
            )
            for number, body in enumerate(owing.bodies(reader, gaps))
        ],
    )  # fmt: skip # one call
    found["index.html"] = index.encode("utf-8")
    found["manifest.json"] = _manifest(reader, campaign_id, chain["chain_id"], limits, found)
    return found


def _sources(reader: Reader, campaign_id: str, chain_id: str) -> Board:
    """The files that the reviews, the chain and the campaign's entries were read from."""
    rows = reader.rows(
        """
        SELECT * FROM ops.load_audit WHERE source_file_id IN (
            SELECT source_file_id FROM star.fact_review_event WHERE chain_id = $chain
            UNION SELECT source_file_id FROM star.dim_review_level WHERE chain_id = $chain
            UNION SELECT source_file_id FROM star.fact_campaign_entry
                WHERE registered_campaign_id = $campaign)
        ORDER BY source, partition, file_name, source_file_id""",
        {"chain": chain_id, "campaign": campaign_id},
    )
    return Board("pack_sources", "ops.load_audit", columns_of("ops.load_audit", _SOURCES), rows)


def _manifest(
    reader: Reader,
    campaign_id: str,
    chain_id: str,
    limits: Sequence[tuple[str, str]],
    found: Mapping[str, bytes],
) -> bytes:
    release = reader.release
    told: Row = {
        "release": release.release_id,
        "content_hash": release.content_hash,
        "as_of": release.as_of.isoformat(),
        "campaign_id": campaign_id,
        "chain_id": chain_id,
        **({"seen": [text for _, text in limits]} if limits else {}),
        "files": {
            name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
            for name, content in sorted(found.items())
        },
    }
    return json.dumps(told, ensure_ascii=False, indent=2).encode("utf-8") + b"\n"
