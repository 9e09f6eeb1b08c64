"""The reviewers' front door: pages over the published release, and what they hand out.

    data/       the release behind a request: opened read-only, whole, never two at once; the
                archive behind a line
    queries/    what each page asks of it
    listings/   the tables that pages show and export, declared
    words/      all that is said, a catalogue per language
    charts/     figures drawn as SVG
    exports/    workbooks and CSV
    web/        requests, answers, headers, rendering
    views/      a module per page: from a URL to a filled template
    templates/  HTML; static/ style sheet and the little script

What a figure *is* belongs to the dictionary and the declared tables, how it comes about to dbt.
Nothing here computes what a mart holds.
"""
