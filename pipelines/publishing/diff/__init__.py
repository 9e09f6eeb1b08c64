"""What moved from one release to another: tables, rows, money, figures, verdicts, and the files.

Two files are compared where they lie, by DuckDB. A table is hashed in both first, so that equal
ones cost one look; of the others rows are matched by the declared grain. Releases of different
versions of the code are compared in what both have, and what one lacks is said.
"""
