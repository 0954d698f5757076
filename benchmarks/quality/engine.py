"""An engine that looks its answers up, and has trained what is not there."""

import math
from collections import deque
from typing import Protocol

from benchmarks.quality.budget import Budget
from benchmarks.quality.table import Accuracies, Table, Training
from hnas_tf.config import SearchConfig
from hnas_tf.engines import Task
from hnas_tf.events import Event, Finished, Progress, Ready
from hnas_tf.genotype import Genotype
from hnas_tf.plan import network_digest

FACTS = {
    "device": "cpu",
    "num_devices": 1,
    "threads": 1,
    "precision": "float32",
}


class SpentError(Exception):
    """The search has no steps left."""


class Trains(Protocol):
    """What fills the table."""

    def train(
        self, genotype: Genotype, digest: str, part: str, repeats: range
    ) -> None:
        """Trains a network as often, and adds what comes out to the table."""


class TableEngine:
    """One worker, whose trainings take no time if they are known.

    Attributes:
        num_steps: Those that the search has trained, known or not.
        ended_at: How many they were when the last candidate ended.
    """

    num_workers = 1

    def __init__(
        self,
        budget: Budget,
        config: SearchConfig,
        table: Table,
        trainings: Trains,
    ) -> None:
        """Is ready.

        Args:
            budget: Of every search.
            config: Of this one.
            table: What is known.
            trainings: Makes known what is not.
        """
        self._budget = budget
        self._network = config.network
        self._stops = config.savings.selects_by_fitness()
        self._table = table
        self._trainings = trainings
        self._events: deque[Event] = deque([Ready(1, FACTS)])
        self._task: Task | None = None
        self._digest = ""
        self._reached: list[tuple[int, float, float]] = []
        self.num_steps = self.ended_at = 0

    def __enter__(self) -> "TableEngine":
        return self

    def __exit__(self, *exception: object) -> None:
        """Has nothing to end."""

    @property
    def num_idle(self) -> int:
        """1 once it is ready and has no task."""
        return int(self._task is None and not self._events)

    def give_up(self, worker: int) -> None:
        """Never happens: there is one, which is like itself."""

    def has_prepared(self, task: Task) -> bool:
        """Nothing is ever prepared."""
        del task
        return False

    def submit(self, task: Task, ahead: Task | None = None) -> None:
        """Begins with the first rung of the first repeat."""
        del ahead
        self._task = task
        self._digest = network_digest(task.genotype, self._network)
        self._reached = []
        self._go_to(1, self._budget.shares[0])

    def go_on(self, individual: int, attempt: int) -> None:
        """Goes to the next rung, the next repeat, or the end."""
        del individual, attempt
        repeat, share, _ = self._reached[-1]
        later = [other for other in self._budget.shares if other > share]
        if later:
            self._go_to(repeat, later[0])
        elif repeat < self._budget.num_repeats:
            self._go_to(repeat + 1, self._budget.shares[0])
        else:
            self._finish()

    def stop(self, individual: int, attempt: int) -> None:
        """Ends with what it has."""
        del individual, attempt
        self._finish()

    def next_events(self, within: float = math.inf) -> list[Event]:
        """Returns the next event; none takes any time.

        Raises:
            SpentError: if the search has trained as many steps as it may.
        """
        del within
        if self._is_spent():
            raise SpentError
        return [self._events.popleft()]

    def _go_to(self, repeat: int, share: float) -> None:
        if self._task is None:
            raise LookupError("nothing is trained")
        before = max((s for r, s, _ in self._reached if r == repeat), default=0)
        self.num_steps += round((share - before) * self._budget.num_steps)
        if self._is_spent():
            return  # Nobody will hear of it.
        accuracy = self._accuracies(repeat)[share]
        self._reached.append((repeat, share, accuracy))
        about = (self._task.individual, self._task.attempt, repeat, share)
        self._events.append(Progress(*about, accuracy))

    def _is_spent(self) -> bool:
        return self.num_steps > self._budget.total_steps

    def _accuracies(self, repeat: int) -> Accuracies:
        wanted = Training(self._digest, "validation", repeat)
        found = self._table.get(wanted)
        if found is None and self._task is not None:
            # Building takes most of the time: whoever is trained a second time
            # is likely to be trained to the last.
            is_first = repeat == 1 and self._stops
            last = 1 if is_first else self._budget.num_repeats
            self._trainings.train(
                self._task.genotype,
                self._digest,
                "validation",
                range(repeat, last + 1),
            )
            found = self._table.get(wanted)
        return found or {}

    def _finish(self) -> None:
        task, self._task = self._task, None
        if task is None:
            raise LookupError("nothing is trained")
        self.ended_at = self.num_steps
        # The last that was reached of every repeat.
        last = {repeat: accuracy for repeat, _, accuracy in self._reached}
        self._events.append(
            Finished(task.individual, task.attempt, tuple(last.values()))
        )
