"""The steps of a refresh, in order: pull → load → build → models → gate → publish.

Each is a plain function of `Settings`; Dagster and the command line only call them.
"""
