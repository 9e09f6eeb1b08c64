"""A process that does what it is handed (`workers`): questions come in, answers go out, pickled.

It ends as soon as whoever started it is gone, in the middle of a file too: another night may begin
by then, and two processes must not write the rows of one file. What it does is the question's.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import traceback
from queue import SimpleQueue
from typing import IO, Any

from pipelines.stages.load.handed_back import HandedBack


def main() -> None:
    """Answers until there is nobody to ask."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started it, and then ends it
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    # whoever cannot even import this is no file's fault, and is told before a file is handed over
    import pipelines.stages.load.read_file  # noqa: F401

    answers.write(pickle.dumps(os.getpid()))
    answers.flush()
    questions: SimpleQueue[Any] = SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, questions), daemon=True).start()
    while True:
        answers.write(_answer(questions.get()))
        answers.flush()


def _listen(came: IO[bytes], questions: SimpleQueue[Any]) -> None:
    while True:
        try:
            questions.put(pickle.load(came))  # noqa: S301 - from our own process
        except EOFError:
            os._exit(0)
        except Exception as error:  # noqa: BLE001 - the answer to a question that makes no sense
            questions.put((_raised, error))


def _raised(error: Exception) -> None:
    raise error


def _answer(question: Any) -> bytes:
    """Whether it was done, and what came of it, else what was raised."""
    try:
        work, item = question
        return pickle.dumps((True, work(item)), pickle.HIGHEST_PROTOCOL)
    except BaseException as error:  # noqa: BLE001 - raised where it was asked
        error.add_note("".join(traceback.format_tb(error.__traceback__)))
        return pickle.dumps((False, HandedBack(error)), pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    main()
