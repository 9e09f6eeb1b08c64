"""Tables that are too large for a release's file: they lie beside it as Parquet, and the file holds
views on them.

Which are too large is `limits`' to say, `parts` knows the Parquet, `setting_aside` writes it and
the views, `reach` lets readers of ours to it. Why it is done so: docs/decisions/beside.md.
"""
