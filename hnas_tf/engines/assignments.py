"""Who is evaluated, who is next on the same worker, and who waits."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping

from hnas_tf.engines.evaluator import Task
from hnas_tf.events import Event, Failed, Finished, Lost, Progress


class Assignments:
    """The tasks of a search between proposal and end.

    A task waits, or is next after one that runs, or runs. The next one of a
    worker that is lost, or of a task that has failed, waits again; another
    worker may take it first.
    """

    def __init__(
        self, waiting: Iterable[Task], num_lost: Mapping[int, int]
    ) -> None:
        """Takes what an earlier run of the search has left.

        Args:
            waiting: What is to be evaluated.
            num_lost: How many workers each individual has lost.
        """
        self._waiting = {task.individual: task for task in waiting}
        self._running: dict[int, Task] = {}
        self._next: dict[int, Task] = {}
        self._num_lost = dict(num_lost)
        # Of attempts that run: the repeat and the share that they have come to.
        self._asked: dict[int, tuple[int, float]] = {}

    def is_empty(self) -> bool:
        """Returns whether every individual is settled."""
        return not self._waiting and not self._running

    def is_running(self, individual: int, attempt: int) -> bool:
        """Returns whether it is this attempt that runs."""
        task = self._running.get(individual)
        return task is not None and task.attempt == attempt

    def expects(self, event: Event) -> bool:
        """Returns whether an event is neither of a lost worker nor old.

        Networks bring words late, and twice; a training only goes forward.
        """
        if not isinstance(event, Progress | Finished | Failed | Lost):
            return True
        number = event.individual
        if not self.is_running(number, event.attempt):
            return False
        if isinstance(event, Progress):
            place = (event.repeat, event.share)
            if place <= self._asked.get(number, (0, 0.0)):
                return False
            self._asked[number] = place
        return True

    def take(
        self, is_preferred: Callable[[Task], bool] = lambda task: False
    ) -> Task | None:
        """Returns a task that waits no longer; the oldest of the preferred."""
        if not self._waiting:
            return None
        first = min(
            self._waiting,
            key=lambda n: (not is_preferred(self._waiting[n]), n),
        )
        return self._waiting.pop(first)

    def wait(self, task: Task) -> None:
        """Notes another task that is to be evaluated."""
        self._waiting[task.individual] = task

    def run(self, task: Task) -> None:
        """Notes that a task runs."""
        self._running[task.individual] = task

    def put_next(self, task: Task, after: Task) -> None:
        """Notes what is to be submitted to the worker of one that runs."""
        self._next[after.individual] = task

    def take_next(self) -> Task | None:
        """Returns a task that is next no longer, if there was one: the oldest.

        What its worker has prepared of it comes to nothing.
        """
        if not self._next:
            return None
        first = min(self._next, key=lambda n: self._next[n].individual)
        return self._next.pop(first)

    def to_prepare(self, task: Task) -> Task | None:
        """Returns what may be prepared beside a task that runs.

        Who has lost a worker shares none again: a worker that dies under two
        individuals does not say which of them it died of.
        """
        following = self._next.get(task.individual)
        if following is None or self._num_lost.keys() & {
            task.individual,
            following.individual,
        }:
            return None
        return following

    def end(self, individual: int) -> Task:
        """Returns the task, which has ended; what was next waits."""
        following = self._next.pop(individual, None)
        if following is not None:
            self._waiting[following.individual] = following
        self._asked.pop(individual, None)
        return self._running.pop(individual)

    def lose(
        self, individual: int, *, max_attempts: int, counts: bool = True
    ) -> bool:
        """Ends the task; another attempt waits, unless it was the last.

        Args:
            individual: Who has lost a worker.
            max_attempts: How often that may happen.
            counts: Whether it may have been the cause.

        Returns:
            Whether there is another attempt.
        """
        task = self.end(individual)
        if counts:
            num_lost = self._num_lost.get(individual, 0) + 1
            self._num_lost[individual] = num_lost
            if num_lost >= max_attempts:
                return False
        again = dataclasses.replace(task, attempt=task.attempt + 1)
        self._waiting[individual] = again
        return True
