"""From a row of the release back to the line that it was read from, and to what became of it.

    archive.py   the line as it lies in the archive
    masking.py   what of it may be shown
    lines.py     a line, and what became of it
    numbers.py   everything known of an order's or a project's number

Only reads: the published release, the archive, lake and quarantine. Pages and `juandi trace` show
what is found here.
"""
