"""Elsewhere → landing: files that a source's owner offers, brought in before they are received."""
