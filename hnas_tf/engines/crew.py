"""The workers of an engine, found without a look at each of them."""

import math

from hnas_tf.engines.child_process import Child
from hnas_tf.engines.evaluator import Task
from hnas_tf.engines.worker import Worker


class Crew:
    """All workers that are not given up, however many there are.

    Whoever changes a worker has it noted, so that to ask who is idle, or who
    listens, takes as long with ten thousand of them as with one.
    """

    def __init__(self) -> None:
        """Is empty."""
        self._workers: dict[int, Worker] = {}
        self._idle: dict[int, Worker] = {}
        self._prepared: dict[int, Worker] = {}
        self._leaving: dict[int, Worker] = {}
        self._by_child: dict[Child, Worker] = {}
        self._by_task: dict[tuple[int, int], Worker] = {}
        self._tasks: dict[int, tuple[int, int]] = {}
        self._look_at = math.inf

    def __len__(self) -> int:
        """Returns the number of workers."""
        return len(self._workers)

    def add(self, worker: Worker) -> None:
        """Takes in a worker."""
        self._workers[worker.number] = worker
        self._by_child[worker.child] = worker
        self.note(worker)

    def remove(self, worker: Worker) -> None:
        """Gives a worker up."""
        number = worker.number
        del self._workers[number]
        self._by_child.pop(worker.child, None)
        for group in (self._idle, self._prepared, self._leaving):
            group.pop(number, None)
        self._by_task.pop(self._tasks.pop(number, (0, 0)), None)

    def pop(self) -> Worker:
        """Gives any worker up, and returns it."""
        return self.take_out(next(reversed(self._workers)))

    def take_out(self, number: int) -> Worker:
        """Gives the worker of a number up, and returns it."""
        worker = self._workers[number]
        self.remove(worker)
        return worker

    def note(self, worker: Worker) -> None:
        """Takes in how a worker has changed, unless it was given up."""
        number, task = worker.number, worker.task
        if number not in self._workers:
            return
        is_idle = worker.is_idle()
        for group, belongs in (
            (self._idle, is_idle),
            (self._prepared, is_idle and worker.ahead is not None),
            (self._leaving, worker.is_leaving),
        ):
            if belongs:
                group[number] = worker
            else:
                group.pop(number, None)
        self._by_task.pop(self._tasks.pop(number, (0, 0)), None)
        if task is not None:
            self._tasks[number] = key = (task.individual, task.attempt)
            self._by_task[key] = worker
        self._look_at = min(self._look_at, worker.waits_until())

    def replace_leaving(self) -> None:
        """Puts other children in the places of those that are to go."""
        while self._leaving:
            _, worker = self._leaving.popitem()
            self._by_child.pop(worker.child, None)
            worker.replace()
            self._by_child[worker.child] = worker
            self.note(worker)

    def num_idle(self) -> int:
        """Returns how many wait for a task."""
        return len(self._idle)

    def prepared(self, task: Task) -> Worker | None:
        """Returns an idle one that was given a task to prepare, if any was."""
        found = (w for w in self._prepared.values() if w.ahead == task)
        return next(found, None)

    def best_for(self, task: Task) -> Worker | None:
        """Returns who is to be given a task, if anyone is idle.

        Who has prepared it, else who has prepared no other, the longest idle.
        """
        idle = self._idle.values()
        return (
            self.prepared(task)
            or next((w for w in idle if w.ahead is None), None)
            or next(iter(idle), None)
        )

    def whose(self, child: Child) -> Worker | None:
        """Returns who has a child, unless that was given up."""
        return self._by_child.get(child)

    def at(self, individual: int, attempt: int) -> Worker | None:
        """Returns who evaluates an individual, if anyone does."""
        return self._by_task.get((individual, attempt))

    def look_at(self) -> float:
        """Returns a time before which nobody has taken too long."""
        return self._look_at

    def overdue(self, now: float) -> list[Worker]:
        """Returns who has taken too long; they are to be noted."""
        if now < self._look_at:
            return []
        limits = [(w.waits_until(), w) for w in self._workers.values()]
        later = (limit for limit, _ in limits if limit > now)
        self._look_at = min(later, default=math.inf)
        return [worker for limit, worker in limits if limit <= now]
