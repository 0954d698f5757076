"""What a child prepares while it evaluates something else."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

from hnas_tf.engines.evaluator import Task


class Preparations:
    """Prepares individuals one at a time: when needed, or ahead of that.

    What is prepared ahead is prepared in a second thread, and its result, or
    what it raised, is kept until it is asked for.
    """

    def __init__(self, prepare: Callable[[Task], Any]) -> None:
        """Prepares nothing yet.

        Args:
            prepare: Of an `Evaluator`.
        """
        self._prepare = prepare
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._ahead: tuple[Task, Future[Any]] | None = None

    def begin(self, task: Task) -> None:
        """Prepares an individual ahead; what was ahead must be taken before."""
        self._ahead = task, self._thread.submit(self._prepare, task)

    def take(self, task: Task) -> Any:
        """Returns what was prepared ahead, else prepares it in this thread.

        Whatever the preparation raised is raised here.
        """
        ahead, self._ahead = self._ahead, None
        if ahead is None:
            return self._prepare(task)
        prepared, future = ahead
        if prepared == task:
            return future.result()
        wait([future])  # Never two preparations at once.
        return self._prepare(task)
