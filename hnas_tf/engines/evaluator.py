"""What a child needs to evaluate: the contract between engine and training."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from hnas_tf.events import Finished, Progress
from hnas_tf.genotype import Genotype

Ask = Callable[[Progress], bool]
"""Reports a progress, waits, and returns whether to go on."""


@dataclass(frozen=True)
class Task:
    """One attempt at evaluating one individual."""

    individual: int
    attempt: int
    genotype: Genotype


class EvaluationError(Exception):
    """An individual cannot be evaluated, for a reason of `hnas_tf.events`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class Evaluator(Protocol):
    """Turns genotypes into accuracies, one at a time.

    Attributes:
        facts: What is said of it in `Ready`: device, threads, precision and
            versions, as JSON values.
    """

    facts: dict[str, Any]

    def evaluate(self, task: Task, ask: Ask) -> Finished:
        """Returns the accuracies; told to stop, those that it has.

        Raises:
            EvaluationError: with the reason why it cannot.
        """


EvaluatorFactory = Callable[[dict[str, Any]], Evaluator]
"""Makes an evaluator out of a search's configuration, as JSON values."""
