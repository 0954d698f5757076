"""An engine without processes, in which a test decides what happens."""

import math
from collections import deque

from hnas_tf.errors import HnasError
from hnas_tf.events import Failed, Finished, Lost, Progress, Ready, Unusable
from tests import toy

FACTS = {"device": "cpu", "threads": 1, "precision": "exact"}


class ToyEngine:
    """Evaluates at once; `outcomes` says what else happens to a task.

    Attributes:
        log: What was asked of it, in order.
    """

    def __init__(
        self,
        num_workers=1,
        *,
        outcomes=None,
        facts=FACTS,
        in_batches=False,
        num_repeats=1,
        rungs=(),
        accuracy=toy.accuracy,
    ):
        self.log = []
        self._num_workers = num_workers
        self._outcomes = outcomes or {}
        self._facts = facts
        self._in_batches = in_batches
        self._places = toy.places(num_repeats, rungs)
        self._accuracy = accuracy
        self._events = deque()
        self._running = {}
        self._at = {}
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

    def give_up(self, worker):
        self._num_workers -= 1
        self.log.append(("give up", worker))

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
            self._go_to(task, 0)
        else:
            self._events += outcome

    def go_on(self, individual, attempt):
        task = self._answered("go_on", individual, attempt)
        if individual not in self._at:
            return  # What follows is among the outcomes.
        following = self._at[individual] + 1
        if following == len(self._places):
            self._finish(task)
        else:
            self._go_to(task, following)

    def stop(self, individual, attempt):
        self._finish(self._answered("stop", individual, attempt))

    def next_events(self, within=math.inf):
        """Returns the events one by one, or all that wait in one batch."""
        if not self._events and within < math.inf:
            return []
        events = [self._events.popleft()]
        while self._in_batches and self._events:
            events.append(self._events.popleft())
        for event in events:
            self._take(event)
        return events

    def _answered(self, kind, individual, attempt):
        """Returns the task whose question is answered."""
        self.log.append((kind, individual, attempt))
        task = self._running.get(individual)
        if task is None or task.attempt != attempt:
            raise HnasError(f"nobody trains individual {individual}")
        return task

    def _go_to(self, task, place):
        """Asks whether a training that has come to a place goes on."""
        self._at[task.individual] = place
        repeat, share = self._places[place]
        about = (task.individual, task.attempt, repeat, share)
        reached = self._accuracy(task.genotype, repeat, share)
        self._events.append(Progress(*about, reached, toy.CURVE))

    def _finish(self, task):
        reached = dict(self._places[: self._at[task.individual] + 1])
        accuracies = tuple(
            self._accuracy(task.genotype, repeat, share)
            for repeat, share in reached.items()
        )
        self._events.append(Finished(task.individual, task.attempt, accuracies))

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
