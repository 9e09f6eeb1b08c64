"""Which seed, model or test comes when: after what it reads, some side by side.

What is done with one is `models`' business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter

from pipelines.stages.build.statements import Node, NodeResult

#: Nodes at a time: DuckDB uses every core for a large one, and one for the many that are small.
_SIDE_BY_SIDE = 2


def in_order(nodes: Sequence[Node], work: Callable[[Node], NodeResult]) -> Iterator[NodeResult]:
    """Every node after what it reads, some side by side; seeds and models before tests.

    What reads a model that was not made is skipped.
    """
    by_id = {node.unique_id: node for node in nodes}
    order = TopologicalSorter({node.unique_id: node.after for node in nodes})
    order.prepare()
    made: set[str] = set()
    waiting: list[Node] = []
    under_way: dict[Future[NodeResult], Node] = {}
    with ThreadPoolExecutor(_SIDE_BY_SIDE, "models") as pool:
        try:
            while order.is_active():
                skipped = []
                for unique_id in order.get_ready():
                    node = by_id[unique_id]
                    if made.issuperset(node.after):
                        waiting.append(node)
                    else:
                        skipped.append(_skipped(node))
                while len(under_way) < _SIDE_BY_SIDE:
                    begun = _next(waiting, under_way.values())
                    if begun is None:
                        break
                    waiting.remove(begun)
                    under_way[pool.submit(work, begun)] = begun
                ended = skipped
                if not skipped:
                    done = wait(under_way, return_when=FIRST_COMPLETED).done
                    ended = [future.result() for future in done]
                    for future in done:
                        del under_way[future]
                for result in ended:
                    if result.is_made:
                        made.add(result.unique_id)
                    order.done(result.unique_id)
                    yield result
        finally:
            pool.shutdown(cancel_futures=True)


def _next(waiting: Sequence[Node], at_work: Iterable[Node]) -> Node | None:
    """What is begun next: models before tests, and nothing large beside something large.

    Two that each need the memory there is write what they hold to the disk and read it again.
    """
    is_taken = any(node.is_large for node in at_work)
    may_begin = [node for node in waiting if not (is_taken and node.is_large)]
    models = (node for node in may_begin if node.resource_type != "test")
    return next(models, may_begin[0] if may_begin else None)


def _skipped(node: Node) -> NodeResult:
    return NodeResult(node.unique_id, node.resource_type, "skipped", None, None, 0.0)
