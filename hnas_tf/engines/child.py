"""The program of a child: it evaluates what its parent sends.

JSON lines go both ways, over the child's own pipes. In: `start` with the
evaluator's import path and configuration, then `submit`, with a task and
perhaps another one to prepare meanwhile, `go_on` and `stop`. Out: the events of
`hnas_tf.events`. At the end of its input the child exits at once, whatever it
is doing, so that it never outlives its parent.
"""

import gc
import json
import os
import pkgutil
import queue
import sys
import threading
import traceback
from typing import IO, Any

from hnas_tf.engines.evaluator import EvaluationError, Evaluator, Task
from hnas_tf.engines.preparations import Preparations
from hnas_tf.events import (
    OTHER_ERROR,
    OUT_OF_MEMORY,
    Event,
    Failed,
    Finished,
    Progress,
    Ready,
    Unusable,
    from_document,
    to_document,
)

Message = dict[str, Any]

_LAST_FRAMES = 3


def main() -> None:
    """Serves the parent until it closes the pipe."""
    wire = _take_stdout()
    messages: queue.SimpleQueue[Message] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(messages,), daemon=True).start()
    _Child(wire, messages).serve()


def _take_stdout() -> IO[str]:
    """Returns the pipe to the parent; what others print goes to stderr."""
    wire = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return wire


def _read(messages: "queue.SimpleQueue[Message]") -> None:
    try:
        for line in sys.stdin:
            messages.put(json.loads(line))
    finally:  # Also after half a line of a parent that was killed.
        os._exit(0)


class _Child:
    def __init__(
        self, wire: IO[str], messages: "queue.SimpleQueue[Message]"
    ) -> None:
        self._wire = wire
        self._messages = messages

    def serve(self) -> None:
        start = self._messages.get()
        worker = start["worker"]
        try:
            evaluator = _make_evaluator(start)
        except Exception as error:  # Whatever it is, the parent is told.
            traceback.print_exc()
            self._send(Unusable(worker, f"{type(error).__name__}: {error}"))
            return
        self._send(Ready(worker, evaluator.facts))
        # A network is many objects, among which Python would look for garbage
        # again and again while it grows; once a candidate is enough.
        gc.freeze()
        gc.disable()
        preparations = Preparations(evaluator.prepare)
        while True:
            message = self._messages.get()
            if message["kind"] == "submit":
                self._send(self._evaluate(evaluator, preparations, message))
                # Networks lie in cycles, and here nobody holds one any more.
                gc.collect()

    def _evaluate(
        self, evaluator: Evaluator, preparations: Preparations, message: Message
    ) -> Event:
        task = Task.from_document(message["task"])
        number, attempt = task.individual, task.attempt
        try:
            prepared = preparations.take(task)
            if message["ahead"]:
                preparations.begin(Task.from_document(message["ahead"]))
            return self._outcome(evaluator, task, prepared)
        except EvaluationError as error:
            return Failed(number, attempt, str(error.reason), str(error.detail))
        except MemoryError as error:
            return Failed(number, attempt, OUT_OF_MEMORY, str(error))
        except Exception as error:  # A failure is a state of the individual.
            lines = traceback.format_exception(error, limit=-_LAST_FRAMES)
            detail = "".join(lines).strip()
            return Failed(number, attempt, OTHER_ERROR, detail)

    def _outcome(
        self, evaluator: Evaluator, task: Task, prepared: Any
    ) -> Finished:
        place = (0, 0.0)

        def ask(progress: Progress) -> bool:
            nonlocal place
            _require_sound(task, progress)
            place = _later(progress, than=place)
            self._send(progress)
            return bool(self._messages.get()["kind"] == "go_on")

        finished = evaluator.evaluate(task, prepared, ask)
        _require_sound(task, finished)
        return finished

    def _send(self, event: Event) -> None:
        self._wire.write(json.dumps(to_document(event)) + "\n")
        self._wire.flush()


def _require_sound(task: Task, event: Progress | Finished) -> None:
    """Checks that the parent understands an evaluator, which may be anybody's.

    Raises:
        EvaluationError: if it does not speak of its task; nobody would listen.
        InvalidError, TypeError, ValueError: if a value is not of its type, or
            is none of JSON's.
    """
    from_document(json.loads(json.dumps(to_document(event))))
    about = (event.individual, event.attempt)
    if about != (task.individual, task.attempt):
        raise EvaluationError(
            OTHER_ERROR,
            f"Expected a {type(event).__name__} of individual "
            f"{task.individual}, attempt {task.attempt}. Received: one of "
            f"individual {about[0]}, attempt {about[1]}",
        )


def _later(progress: Progress, than: tuple[int, float]) -> tuple[int, float]:
    """Returns how far a training has come.

    Raises:
        EvaluationError: if it was that far before; nobody would answer.
    """
    place = (progress.repeat, progress.share)
    if place <= than:
        raise EvaluationError(
            OTHER_ERROR,
            "Expected a training that only goes forward. Received: a progress "
            f"of repeat and share {place} after one of {than}",
        )
    return place


def _make_evaluator(start: Message) -> Evaluator:
    make = pkgutil.resolve_name(start["evaluator"])
    evaluator: Evaluator = make(start["config"])
    return evaluator


if __name__ == "__main__":
    main()
