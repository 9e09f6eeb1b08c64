"""dbt in a process of its own: it imports and parses while other steps work, on another core.

The process reads requests from its standard input and answers on its standard output, pickled;
it ends with its last request, and gives back all of its memory. What dbt is asked is the
business of `models`.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any

from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.stages.models import (
    DbtReport,
    ModelsFailed,
    NodeResult,
    build_models,
    dbt_environment,
    parse_project,
    recalled_manifest,
)

if TYPE_CHECKING:
    from typing import Self

    from dbt.contracts.graph.manifest import Manifest


#: How long a process that has nothing to do any more may take to end, in seconds.
_PATIENCE_S = 10.0


class DbtProcess:
    """A running dbt for one warehouse; what it imports, it imports from the first moment on."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=PROJECT_ROOT,
            env={**os.environ, **dbt_environment(settings)},
        )

    def parse(self) -> None:
        """dbt's manifest, written anew. Raises ModelsFailed with dbt's message."""
        self._ask("parse", None)

    def recall(self) -> None:
        """Reads what the last parse left: for a project that has not changed since."""
        self._ask("recall", None)

    def build(self, on_node: Callable[[NodeResult], None] | None = None) -> DbtReport:
        """Seeds, models and their tests. Raises ModelsFailed where dbt could not start."""
        report: DbtReport = self._ask("build", on_node)
        return report

    def _ask(self, task: str, on_node: Callable[[NodeResult], None] | None) -> Any:
        asked, answers = self._process.stdin, self._process.stdout
        assert asked is not None and answers is not None  # noqa: S101, PT018 - both are pipes
        try:
            pickle.dump((task, self._settings), asked)
            asked.flush()
            while True:
                kind, said = pickle.load(answers)  # noqa: S301 - written by our own process
                if kind == "done":
                    return said
                if kind == "failed":
                    raise ModelsFailed(said)
                if on_node:
                    on_node(said)
        except (EOFError, BrokenPipeError, pickle.UnpicklingError) as error:
            status = self._process.wait()
            raise ModelsFailed(f"dbt: its process ended with status {status}") from error

    def close(self) -> None:
        """Ends the process and returns when it has let go of its files."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        try:
            self._process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:  # still at work for a run that was broken off
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _tell(answers: IO[bytes], kind: str, said: object) -> None:
    try:
        pickle.dump((kind, said), answers)
        answers.flush()
    except BrokenPipeError:
        os._exit(1)  # nobody waits for an answer any more, so nothing may be written any more


def _serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answers requests until there are no more."""
    import dbt.adapters.duckdb.impl
    import dbt.cli.main  # noqa: F401 - takes seconds: before the first request comes

    manifest: Manifest | None = None
    while True:
        try:
            task, settings = pickle.load(requests)  # noqa: S301 - written by our own process
        except EOFError:
            return
        try:
            if task == "parse":
                manifest = parse_project(settings)
                _tell(answers, "done", None)
            elif task == "recall":
                manifest = recalled_manifest(settings)
                _tell(answers, "done", None)
            else:
                report = build_models(settings, manifest, lambda n: _tell(answers, "node", n))
                manifest = None  # dbt writes into it: good for one build
                _tell(answers, "done", report)
        except Exception as error:  # noqa: BLE001 - told to who asked, as a failure
            _tell(answers, "failed", str(error))


if __name__ == "__main__":
    told = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # dbt prints; answers have their own way
    _serve(sys.stdin.buffer, told)
