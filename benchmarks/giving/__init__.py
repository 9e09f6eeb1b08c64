"""Giving Day from exports to published file: a bare limit, Juandi, and other tools beside them."""
