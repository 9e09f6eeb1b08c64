"""A run whose models could not all be built fails, and says which. dbt's own words are kept."""

from __future__ import annotations

from collections.abc import Iterable

import dagster as dg

from pipelines.stages.build.nodes import NodeResult


def refuse_unbuilt(nodes: Iterable[NodeResult]) -> None:
    """Raises Failure where a seed or model of `nodes` was not built.

    Else Dagster would skip the gates and call a night without a release a success.
    """
    missing = [
        f"{node.unique_id.rsplit('.', 1)[-1]} "
        f"({node.status}: {node.message or 'see what it rests on'})"
        for node in sorted(nodes, key=lambda node: node.unique_id)
        if node.status != "success"
    ]
    if missing:
        raise dg.Failure(
            "dbt did not build "
            + "; ".join(missing)
            + ". Mend the first of them and materialise it again; the last release stays",
            allow_retries=False,
        )
