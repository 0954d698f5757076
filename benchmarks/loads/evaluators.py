"""What the children of a load are given: evaluators that need no TensorFlow."""

import time
from random import Random
from typing import Any

from hnas_tf.engines import Ask, Task
from hnas_tf.events import Finished, Progress

BEGAN, ENDED = "began", "ended"
"""When an evaluation was at work, in seconds since the epoch."""


class ToyEvaluator:
    """Answers at once; a fitness is drawn from the individual's number."""

    def __init__(self, config: dict[str, Any]) -> None:
        del config
        self.facts = {"device": "cpu"}

    def prepare(self, task: Task) -> Random:
        """Returns the chance of an individual."""
        return Random(task.individual)

    def evaluate(self, task: Task, prepared: Random, ask: Ask) -> Finished:
        """Asks once, and is done."""
        began = time.time()
        self.work(prepared)
        ended = time.time()
        about, fitness = (task.individual, task.attempt), prepared.random()
        ask(Progress(*about, 1, 1.0, fitness))
        return Finished(*about, (fitness,), {BEGAN: began, ENDED: ended})

    def work(self, rng: Random) -> None:
        """Does nothing."""


class SleepingEvaluator(ToyEvaluator):
    """Sleeps where another one trains, as long as it likes, within limits."""

    mean_seconds = 1.0
    spread = 0.5

    def work(self, rng: Random) -> None:
        """Sleeps."""
        mean, most = self.mean_seconds, self.spread
        time.sleep(mean * rng.uniform(1 - most, 1 + most))
