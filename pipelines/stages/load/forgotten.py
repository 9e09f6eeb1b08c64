"""Rows of people who asked to be forgotten lose them when their file is read.

A row keeps money, times, states, ids of the gift and what it was given for. It loses its pseudonym,
an organisation's name, every free text that may name somebody, and the words that could not be
read. Which columns those are is the contract's to say (`Column.goes_with_person`). In the
pseudonym's place the lake has a seal of this one record, so that two files are as equal or
different as they were. Who is forgotten is kept in `store.forgotten`; which files are read again
for it is `unnaming`'s.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl
import polars_hash as plh

from pipelines.cleaning.identities import MASK
from pipelines.dictionary.donors import FORGOTTEN
from pipelines.sources import Column, Kind, Source
from pipelines.sources.contract import META_COLUMNS

#: Keep marks and seals apart from pseudonyms, which are made under the same key.
_PURPOSE, _SEALS = "juandi: forgotten:", "juandi: sealed:"
_LENGTH = 32  # hex digits: as long as a pseudonym
#: Two letters of any script, or a single Chinese one: numbers, amounts and days have none.
_WORD = re.compile(r"[^\W\d_]{2}|[\u3400-\u9fff]")


def marks_of(pseudonyms: pl.Series, key: str) -> pl.Series:
    """The mark of each pseudonym: who lacks the key can neither make nor recognise one."""
    return _keyed(pl.DataFrame({"p": pseudonyms}).select(pl.lit(_PURPOSE) + pl.col("p")), key)


def _keyed(texts: pl.DataFrame, key: str) -> pl.Series:
    """The keyed hash of the only column, cut to the length of a pseudonym."""
    name = texts.columns[0]
    hashed = plh.col(name).chash.hmac_sha256(key=key).str.slice(0, _LENGTH)
    return texts.select(hashed).to_series()


@dataclass(frozen=True)
class Forgotten:
    """Whoever is forgotten, as their rows are recognised: marks by namespace, under one key.

    `up_to` is the last entry among them. `is_unknown`: it cannot be told who is, so that every row
    that might be somebody's counts as one of theirs.
    """

    key: str = ""
    marks: Mapping[str, frozenset[str]] = field(default_factory=dict)
    up_to: int = 0
    is_unknown: bool = False

    def are(self, source: Source, pseudonyms: pl.Series) -> pl.Series | None:
        """Which of the source's pseudonyms are theirs; None where none can be."""
        if source.identity is None:
            return None
        if self.is_unknown:
            return pl.Series([True]).new_from_index(0, len(pseudonyms))
        marks = self.marks.get(source.namespace)
        if not marks or pseudonyms.null_count() == len(pseudonyms):
            return None
        found = marks_of(pseudonyms, self.key).is_in(list(marks)).fill_null(value=False)
        return found if found.any() else None


#: Nobody: what is read where nobody is forgotten.
NOBODY = Forgotten()


def without(source: Source, frame: pl.DataFrame, theirs: pl.Series, key: str) -> pl.DataFrame:
    """Lake rows, of which `theirs` have lost the person."""
    seals = _seals(source, frame.filter(theirs), key)
    return frame.with_columns(
        pl.when(theirs).then(lost).otherwise(pl.col(name)).alias(name)
        for name, lost in _lost(source).items()
    ).with_columns(frame["donor_key"].scatter(theirs.arg_true(), seals))


def _seals(source: Source, rows: pl.DataFrame, key: str) -> pl.Series:
    """What stands for the person in one record alone: another record of theirs has another.

    A record is what its key says, or all that its row says where there is none.
    """
    own = [n for n in rows.columns if n not in META_COLUMNS and not n.startswith("donor_k")]
    columns = [name for name in source.key or own if name != "donor_key"]
    texts = (pl.col(name).cast(pl.String).fill_null("\x1e") for name in columns)
    text = pl.concat_str(pl.lit(_SEALS), pl.col("donor_key"), *texts, separator="\x1f")
    return _keyed(rows.select(text.alias("text")), key)


def kept_text(column: Column | None, text: str | None) -> str | None:
    """What of a received value may still be shown; `column` is None where none is known.

    Nothing of what goes with the person, and no word that is not one of the contract's: in a row
    that was filled in wrongly a name may stand anywhere.
    """
    if column is None or text is None or column.goes_with_person:
        return None
    is_code = text.strip() in (column.codes or ())
    return text if is_code or not _WORD.search(text) else None


def _lost(source: Source) -> Mapping[str, pl.Expr]:
    """Lake column → what it reads in a row that has lost its person."""
    nothing = pl.lit(None, pl.String)
    lost = {"donor_kind": pl.lit(FORGOTTEN), "unread": _unread(source)}
    if source.identity and source.identity.publish_organizations:
        lost["donor_name_public"] = nothing
    for column in source.columns:
        if column.personal:
            continue
        if column.goes_with_person:
            lost[column.lake_name] = nothing
        elif column.kind is Kind.REGION:  # what is no code may be any word
            text = pl.col(column.lake_name)
            lost[column.lake_name] = (
                pl.when(text.str.contains("^[0-9]*$"))
                .then(text)
                .otherwise(pl.when(text.is_not_null()).then(pl.lit(MASK)))
            )
    return lost


def _unread(source: Source) -> pl.Expr:
    """Which columns could not be read, without what they said."""
    parts = [
        pl.when(pl.col("unread").str.contains(f"(?:^|; ){column.name}=")).then(
            pl.lit(f"{column.name}={MASK}")
        )
        for column in source.columns
        if not column.personal
    ]
    text = pl.concat_str(parts, separator="; ", ignore_nulls=True)
    return pl.when(text != "").then(text)
