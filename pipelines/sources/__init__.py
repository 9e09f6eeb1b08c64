"""WHAT comes in: one module per source, each holding one ``Source`` declaration.

A declaration drives reading, cleaning, quarantine, the drift report and the docs. No reading
code belongs here, and nothing here knows of Dagster.
"""

from pipelines.dictionary import Kind
from pipelines.sources.contract import Claim, Column, Form, RowRule, Source
from pipelines.sources.registry import SOURCES, source

__all__ = ["SOURCES", "Claim", "Column", "Form", "Kind", "RowRule", "Source", "source"]
