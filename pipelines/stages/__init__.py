"""The steps of a refresh, a folder for each phase: receive → load → build → gate → publish.

Two folders serve several of them: `store` (what is kept of received files) and `standing` (which of
them count). Each step is a plain function of `Settings`; Dagster and the command line only call it.
"""
