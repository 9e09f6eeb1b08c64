"""From bytes to rows of text: containers, encodings, dialects, sheets, headings, footers.

Values are interpreted in `cleaning`, not here. Nothing here knows where a file goes next.
"""
