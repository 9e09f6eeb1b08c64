"""The version of the published tables: whether two releases mean the same by the same names; and
that of their file.

It is raised when a table or a column of star, marts or ops is taken away, renamed, gets another
type or another meaning; not when one is added. The comment says what changed.
"""

from __future__ import annotations

#: 1: the first that a release says (`ops.releases.schema_version`); before, releases said none: 0.
SCHEMA_VERSION = 1

#: A file that DuckDB 1.4 and 1.5 can open; by default 2.0 writes one that they refuse.
FILE_VERSION = "v1.4.0"
