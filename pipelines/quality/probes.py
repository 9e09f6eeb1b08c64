"""Helper tables whose query depends on which tables and columns a release holds.

A probe reads the catalog and writes SQL; suites read the table it makes as `gate.<name>`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import duckdb

from pipelines.cleaning.identities import IDENTITY_PLAIN, MOBILE_PLAIN
from pipelines.quality.connection import Helper
from pipelines.quality.persons import public_names

#: Hashes, and keys made of columns that are read themselves.
_HASHES = (
    r"^(.*_key|.*sha256|.*_hash|(source_|old_|new_)?file_id|run_id|release_id|quarantine_id"
    r"|rule_ids?)$"
)
#: Columns of long numbers. One in some thousands looks like an identity number by chance, so one
#: counts only with the right check character, and only as a whole: comparing lengths is quick.
_NUMBERS = (
    r"^(order|matching|bill|trade|transaction|entry|flow|refund|filing|record).*_no$|uscc$|^key$"
)

#: A mobile number standing alone. The gate looks for the plain shapes of `identities`, which are
#: narrower than those applied when files are read: what it finds has slipped through.
MOBILE = rf"(^|[^0-9A-Za-z.]){MOBILE_PLAIN}([^0-9A-Za-z]|$)"
#: A resident identity number standing alone: province, county, birth date, serial, check digit.
ID_CARD = rf"(^|[^0-9A-Za-z]){IDENTITY_PLAIN}([^0-9A-Za-z]|$)"
#: A bank card of China's network: 62 and 14 to 17 digits more, Luhn's check digit last.
_CARD = r"(?:^|[^0-9A-Za-z])(62[0-9]{14,17})(?:[^0-9A-Za-z]|$)"

_TEXT_COLUMNS = """
SELECT schema_name, table_name, list(column_name ORDER BY column_index)
FROM duckdb_columns()
WHERE database_name = 'juandi' AND data_type = 'VARCHAR'
  AND NOT regexp_matches(column_name, $1)
GROUP BY ALL ORDER BY ALL
"""


_COUNTS = ("mobile_rows", "id_rows", "card_rows")
_SHORTEST = 11


def _check_is_right(number: str) -> str:
    """SQL: the last of the 18 characters of `number` is the one that the 17 before it require."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    terms = (
        f"try_cast(substr({number}, {at}, 1) AS INTEGER) * {weight}"
        for at, weight in enumerate(weights, 1)
    )
    right = f"substr('10X98765432', ({' + '.join(terms)}) % 11 + 1, 1)"
    return f"coalesce({right} = upper(substr({number}, 18, 1)), false)"


def _is_luhn(digits: str) -> str:
    """SQL: the sum of the digits, every second one from the right doubled, ends in 0."""
    doubled = "try_cast(d AS INTEGER) * (1 + (i - 1) % 2)"
    terms = (
        f"[({doubled}) // 10 + ({doubled}) % 10 for d, i in string_split(reverse({digits}), '')]"
    )
    return f"coalesce(list_sum({terms}) % 10 = 0, false)"


def _conditions(column: str, schema: str) -> tuple[str, str, str]:
    """SQL conditions that a column holds such a number, one for each of `_COUNTS`."""
    text = f'"{column}"'
    if re.search(_NUMBERS, column):
        return (
            f"strlen({text}) = 11 AND regexp_full_match({text}, '{MOBILE_PLAIN}')",
            f"strlen({text}) = 18 AND regexp_full_match({text}, '{IDENTITY_PLAIN}') "
            f"AND {_check_is_right(text)}",
            "false",
        )
    card = f"regexp_extract({text}, '{_CARD}', 1)"
    return (
        f"strlen({text}) >= 11 AND regexp_matches({text}, '{MOBILE}')",
        f"strlen({text}) >= 18 AND regexp_matches({text}, '{ID_CARD}')",
        # marts put order numbers into their findings, and one of those may pass for a card
        f"strlen({text}) >= 16 AND {card} <> '' AND {_is_luhn(card)}"
        if schema != "marts"
        else "false",
    )


def _long_columns(
    connection: duckdb.DuckDBPyConnection, table: str, columns: list[str]
) -> list[str]:
    """The columns that hold any value long enough to match: one scan that compares lengths.

    It spares the patterns most of a fact's columns: 0.2 s instead of 8 s for 5.7 million gifts.
    """
    longest = ", ".join(f'coalesce(max(strlen("{column}")), 0)' for column in columns)
    found = connection.execute(f"SELECT {longest} FROM {table}").fetchone() or ()
    return [c for c, n in zip(columns, found, strict=True) if n >= _SHORTEST]


def personal_data(connection: duckdb.DuckDBPyConnection) -> str:
    """A query of (table_name, column_name, and `_COUNTS` of rows), a row per text column."""
    parts: list[str] = []
    for schema, name, columns in connection.execute(_TEXT_COLUMNS, [_HASHES]).fetchall():
        table = f'juandi."{schema}"."{name}"'
        long = _long_columns(connection, table, columns)
        for column in columns:
            counts = ", ".join(
                # a WHERE stops at the first condition that fails, a FILTER does not
                f"(SELECT count(*) FROM {table} WHERE {condition}) AS {counted}"
                if column in long and condition != "false"
                else f"0 AS {counted}"
                for counted, condition in zip(_COUNTS, _conditions(column, schema), strict=True)
            )
            parts.append(
                f"SELECT '{schema}.{name}' AS table_name, '{column}' AS column_name, {counts}"
            )
    return "\nUNION ALL\n".join(parts) or (
        "SELECT '' AS table_name, '' AS column_name, 0 AS mobile_rows, 0 AS id_rows,"
        " 0 AS card_rows WHERE false"
    )


_COMPARABLE = """
SELECT previous_as_of <= as_of AS comparable, previous_release_id, previous_as_of, as_of
FROM (SELECT as_of FROM lake.run) CROSS JOIN (
  SELECT release_id AS previous_release_id, as_of AS previous_as_of FROM previous.ops.releases
  ORDER BY rowid DESC LIMIT 1)
"""
_NOTHING_BEFORE = """
SELECT false AS comparable, NULL::VARCHAR AS previous_release_id, NULL::DATE AS previous_as_of,
       as_of FROM lake.run
"""
_RESTATED = "SELECT source, partition FROM juandi.ops.restatements"


def _has_previous(connection: duckdb.DuckDBPyConnection) -> bool:
    found = connection.execute(
        "SELECT 1 FROM duckdb_databases() WHERE database_name = 'previous'"
    ).fetchone()
    return found is not None


def comparison(connection: duckdb.DuckDBPyConnection) -> str:
    """One row: whether there is a last release with an as-of date not after this build's."""
    return _COMPARABLE if _has_previous(connection) else _NOTHING_BEFORE


def new_restatements(connection: duckdb.DuckDBPyConnection) -> str:
    """(source, partition) of restatements that the last release did not know."""
    if not _has_previous(connection):
        return _RESTATED
    return f"{_RESTATED} EXCEPT ALL SELECT source, partition FROM previous.ops.restatements"


def accepted_files(connection: duckdb.DuckDBPyConnection) -> str:
    """(source, rows_lost) of smaller files that a person has let replace another since the last
    release."""
    accepted = (
        "SELECT files.source, files.old_rows - files.new_rows AS rows_lost "
        "FROM restated.files AS files WHERE files.is_accepted AND files.new_rows < files.old_rows"
    )
    if not _has_previous(connection):
        return accepted
    return (
        f"{accepted} AND NOT EXISTS (SELECT 1 FROM previous.ops.restatements AS before "
        "WHERE before.old_file_id = files.old_file_id AND before.new_file_id = files.new_file_id)"
    )


PROBES: Mapping[str, Helper] = {
    "personal_data": personal_data,
    "public_names": public_names,
    "comparison": comparison,
    "new_restatements": new_restatements,
    "accepted_files": accepted_files,
}
