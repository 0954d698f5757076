"""Workers that answer at random times, and compute nothing.

The engine is the one of all children; that a child is a process, here or
elsewhere, is all that is not real. What is said goes through JSON both ways.
"""

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from benchmarks.loads.agenda import Agenda, Clock
from hnas_tf.config import SearchConfig
from hnas_tf.config.document import config_to_document
from hnas_tf.engines import Device
from hnas_tf.engines.child_process import STARTED, Child
from hnas_tf.engines.children import ChildrenEngine
from hnas_tf.events import Event, Finished, Progress, Ready, to_document

FACTS = {"device": "cpu", "threads": 1, "precision": "none"}
CURVE = tuple((250 * point, 1.0 / point) for point in range(1, 21))
"""Of a training: as many points as those of our evaluator."""

Lasts = Callable[[Random], float]
"""Draws how many seconds something takes."""


class SimulatedChild:
    """Asks at the end of every repeat, and ends after the last.

    It notes how long it waits for an answer, or for the next task. Its machine
    may come late.
    """

    is_pending = True
    was_preempted = lost_machine = False

    def __init__(self, engine: "SimulatedEngine") -> None:
        self._engine = engine
        self._task: dict[str, Any] = {}
        self._accuracies: list[float] = []
        self._said_at: float | None = None

    def send(self, message: dict[str, Any]) -> None:
        """Takes a message: the next thing is said when that is due."""
        json.dumps(message)
        if message["kind"] == "start":
            self._join(message["worker"])
            return
        self._note_wait()
        if message["kind"] == "submit":
            self._task, self._accuracies = message["task"], []
        about = (self._task["individual"], self._task["attempt"])
        repeat = len(self._accuracies) + 1
        if message["kind"] == "stop" or repeat > self._engine.num_repeats:
            self._say(Finished(*about, tuple(self._accuracies)), _at_once)
            return
        self._accuracies.append(self._engine.rng.random())
        progress = Progress(*about, repeat, 1.0, self._accuracies[-1], CURVE)
        self._say(progress, self._engine.trains)

    def kill(self) -> None:
        """Is gone; nobody listens to it any more."""

    def last_words(self) -> str:
        """Returns none: it never dies by itself."""
        return ""

    def _join(self, worker: int) -> None:
        due = self._due(self._engine.joins)
        for document in (STARTED, to_document(Ready(worker, FACTS))):
            self._engine.agenda.put_at(due, self, json.dumps(document))

    def _say(self, event: Event, lasts: Lasts) -> None:
        self._said_at = self._due(lasts)
        line = json.dumps(to_document(event))
        self._engine.agenda.put_at(self._said_at, self, line)

    def _due(self, lasts: Lasts) -> float:
        return self._engine.agenda.clock() + lasts(self._engine.rng)

    def _note_wait(self) -> None:
        if self._said_at is not None:
            waited = self._engine.agenda.clock() - self._said_at
            self._engine.waits.append(waited)


class SimulatedEngine(ChildrenEngine):
    """Has all children in this process.

    Attributes:
        waits: The seconds that children waited for what they were to do next,
            since they said something; not for their first task.
    """

    def __init__(
        self,
        config: SearchConfig,
        *,
        joins: Lasts,
        trains: Lasts,
        clock: Clock,
    ) -> None:
        """Starts nothing yet; entering does.

        Args:
            config: Of the search.
            joins: Until a child is ready.
            trains: Of a repeat.
            clock: Under which all of this takes place.
        """
        document = config_to_document(config)
        super().__init__(
            config.evaluator, document, workers=config.workers, clock=clock
        )
        self.agenda = Agenda(clock)
        self._messages = self.agenda
        self.joins, self.trains = joins, trains
        self.num_repeats = config.training.num_repeats
        self.rng = Random(config.seed)
        self.waits: list[float] = []

    def _devices(self) -> Sequence[Device]:
        return [Device("cpu", ())] * (self._config.num_workers or 1)

    def _new_child(self, device: Device) -> Child:
        del device
        return SimulatedChild(self)


def _at_once(rng: Random) -> float:
    del rng
    return 0.0
