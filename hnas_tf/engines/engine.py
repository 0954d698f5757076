"""What a search asks of an engine."""

import math
from typing import Protocol

from hnas_tf.engines.evaluator import Task
from hnas_tf.events import Event


class Engine(Protocol):
    """Evaluates individuals on workers; a context that starts and ends them.

    An engine speaks in events. Nothing may be submitted before a `Ready`, and
    every `Progress` is a question that waits for `go_on` or `stop`.
    """

    def __enter__(self) -> "Engine":
        """Starts the workers."""

    def __exit__(self, *exception: object) -> None:
        """Ends them all, and waits until they are gone."""

    @property
    def num_workers(self) -> int:
        """The number of workers that are not given up as unusable."""

    @property
    def num_idle(self) -> int:
        """The number of workers that wait for work."""

    def give_up(self, worker: int) -> None:
        """Gives a worker no work any more.

        It keeps its place, where another one would be no better.
        """

    def has_prepared(self, task: Task) -> bool:
        """Returns whether an idle worker was given it to prepare."""

    def submit(self, task: Task, ahead: Task | None = None) -> None:
        """Hands an individual to an idle worker, best to who has prepared it.

        Args:
            task: What is evaluated.
            ahead: What the same worker prepares meanwhile, so that it can be
                submitted next. An engine may leave it alone.
        """

    def go_on(self, individual: int, attempt: int) -> None:
        """Answers a progress: the training goes on."""

    def stop(self, individual: int, attempt: int) -> None:
        """Answers a progress: the training ends with what it has."""

    def next_events(self, within: float = math.inf) -> list[Event]:
        """Waits for an event; returns it and all that arrived with it.

        Args:
            within: Seconds, after which there need not be any.
        """
