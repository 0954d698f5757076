"""An engine without processes, in which a test decides what happens."""

import math
from collections import deque

from hnas_tf.events import Failed, Finished, Lost, Progress, Ready, Unusable
from tests import toy

FACTS = {"device": "cpu", "threads": 1, "precision": "exact"}


class ToyEngine:
    """Evaluates at once; `outcomes` says what else happens to a task.

    Attributes:
        log: What was asked of it, in order.
    """

    def __init__(
        self, num_workers=1, *, outcomes=None, facts=FACTS, in_batches=False
    ):
        self.log = []
        self._num_workers = num_workers
        self._outcomes = outcomes or {}
        self._facts = facts
        self._in_batches = in_batches
        self._events = deque()
        self._running = {}
        self._ahead = {}
        self._prepared = set()

    def __enter__(self):
        self.log.append("enter")
        for worker in range(1, self._num_workers + 1):
            self._events.append(Ready(worker, self._facts))
        return self

    def __exit__(self, *exception):
        self.log.append("exit")

    @property
    def num_workers(self):
        return self._num_workers

    @property
    def num_idle(self):
        ready = self._num_workers - sum(
            isinstance(event, Ready) for event in self._events
        )
        return max(0, ready - len(self._running))

    def has_prepared(self, task):
        return task in self._prepared

    def submit(self, task, ahead=None):
        assert self.num_idle > 0
        self._running[task.individual] = task
        self._prepared.discard(task)
        self.log.append(("submit", task.individual, task.attempt))
        if ahead is not None:
            self._ahead[task.individual] = ahead
            self.log.append(("prepare", ahead.individual, ahead.attempt))
        outcome = self._outcomes.get((task.individual, task.attempt))
        if outcome is None:
            accuracy = toy.fitness(task.genotype)
            about = (task.individual, task.attempt)
            self._events.append(Progress(*about, 1, 1.0, accuracy))
        else:
            self._events += outcome

    def go_on(self, individual, attempt):
        task = self._running[individual]
        assert task.attempt == attempt
        self.log.append(("go_on", individual, attempt))
        accuracies = (toy.fitness(task.genotype),)
        self._events.append(Finished(individual, attempt, accuracies))

    def next_events(self, within=math.inf):
        """Returns the events one by one, or all that wait in one batch."""
        events = [self._events.popleft()]
        while self._in_batches and self._events:
            events.append(self._events.popleft())
        for event in events:
            self._take(event)
        return events

    def _take(self, event):
        if isinstance(event, Unusable):
            self._num_workers -= 1
            if self._num_workers == 0:
                self._running.clear()
        elif isinstance(event, Finished | Failed | Lost):
            task = self._running.get(event.individual)
            if task and task.attempt == event.attempt:
                del self._running[event.individual]
                ahead = self._ahead.pop(event.individual, None)
                if ahead is not None and isinstance(event, Finished):
                    self._prepared.add(ahead)
