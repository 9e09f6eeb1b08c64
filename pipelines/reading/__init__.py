"""From bytes to rows of text: containers, encodings, dialects, sheets, headings, footers.

Nothing here interprets a value: that is `cleaning`. Nothing here knows where a file goes next.
"""
