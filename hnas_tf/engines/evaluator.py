"""What a child needs to evaluate: the contract between engine and training."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from hnas_tf.events import Finished, Progress
from hnas_tf.genotype import Genotype, genotype_from_json, genotype_to_json

Ask = Callable[[Progress], bool]
"""Reports a progress, waits, and returns whether to go on."""


@dataclass(frozen=True)
class Task:
    """One attempt at evaluating one individual."""

    individual: int
    attempt: int
    genotype: Genotype

    def to_document(self) -> dict[str, Any]:
        """Returns the task as JSON values."""
        genotype = genotype_to_json(self.genotype)
        return {**vars(self), "genotype": genotype}

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "Task":
        """Returns the task that `to_document` made into JSON values."""
        genotype = genotype_from_json(document["genotype"])
        return cls(**{**document, "genotype": genotype})


class EvaluationError(Exception):
    """An individual cannot be evaluated, for a reason of `hnas_tf.events`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class Evaluator(Protocol):
    """Turns genotypes into accuracies, one at a time.

    Where a search prepares ahead, an individual is prepared in a second
    thread while another one is evaluated. There are never two preparations at
    once, nor two evaluations, and what was prepared is evaluated once or never.

    Attributes:
        facts: What is said of it in `Ready`: device, threads, precision and
            versions, as JSON values. A `device` of `cpu`, `gpu` or `tpu`
            decides whether candidates are prepared ahead by default: not on a
            CPU.
    """

    facts: dict[str, Any]

    def prepare(self, task: Task) -> Any:
        """Returns what `evaluate` needs, for example a compiled network.

        All that does not wait for the evaluation of another individual
        belongs here.

        Raises:
            EvaluationError: with the reason why it cannot.
        """

    def evaluate(self, task: Task, prepared: Any, ask: Ask) -> Finished:
        """Returns the accuracies; told to stop, those that it has.

        Args:
            task: What is evaluated.
            prepared: What `prepare` returned for it.
            ask: Is told of every progress, each further on than the one
                before. Who asks at all asks at the end of each of its
                trainings, at share 1, and trains as often as the configuration
                says, unless it is told to stop.

        Raises:
            EvaluationError: with the reason why it cannot.
        """


EvaluatorFactory = Callable[[dict[str, Any]], Evaluator]
"""Makes an evaluator out of a search's configuration, as JSON values."""
