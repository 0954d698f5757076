"""An individual: a genotype with its ancestry, state and fitness."""

import enum
import math
from dataclasses import dataclass

from hnas_tf.evolution.mutation import Mutation
from hnas_tf.genotype import Genotype
from hnas_tf.plan import Cost


class State(enum.StrEnum):
    """How far the evaluation of an individual has come.

    Attributes:
        SUBMITTED: Proposed, and handed to a worker or waiting for one.
        FINISHED: It has a fitness, and is in the population.
        STOPPED: Likewise, but it was stopped early: the fitness is that of a
            share of its first training.
        FAILED: It will never have one; the archive has the reason.
    """

    SUBMITTED = "submitted"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"

    def is_final(self) -> bool:
        """Returns whether nothing more will happen to the individual."""
        return self is not State.SUBMITTED


@dataclass(frozen=True)
class Proposal:
    """A genotype that the controller wants evaluated, and where it is from.

    Attributes:
        number: The individual's number, from 1, in the order of proposals.
        genotype: What is to be evaluated.
        cost: Of its network.
        digest: Of its network, equal for equal ones; empty where an archive is
            older than digests.
        is_given: Whether the search was started with it.
        parent: The number of the tournament's winner; `None` for a genotype
            that is given or random.
        mutation: What made it out of the parent.
        known_event: The number of the last event known when it was proposed.
        num_dead: Draws thrown away since the cell carried nothing.
        num_over_budget: Draws thrown away since they cost too much.
    """

    number: int
    genotype: Genotype
    cost: Cost
    digest: str = ""
    is_given: bool = False
    parent: int | None = None
    mutation: Mutation | None = None
    known_event: int = 0
    num_dead: int = 0
    num_over_budget: int = 0


@dataclass(frozen=True)
class Individual(Proposal):
    """A proposal, and what became of it.

    Attributes:
        state: How far the evaluation has come.
        fitness: The mean validation accuracy of the repeats, in [0, 1].
        fitness_std: Their standard deviation, where there are several.
        reason: Why it failed.
        equal_to: The individual whose network is equal, and whose fitness it
            takes or has taken, if it is not trained itself.
        share: How far the first repeat came, in (0, 1].
        num_repeats: The trainings whose mean the fitness is.
    """

    state: State = State.SUBMITTED
    fitness: float | None = None
    fitness_std: float | None = None
    reason: str | None = None
    equal_to: int | None = None
    share: float | None = None
    num_repeats: int | None = None

    @property
    def rank(self) -> tuple[float, float]:
        """What individuals are ordered by; the fitter has the larger."""
        return self.share or 0.0, self.fitness or 0.0

    @property
    def standard_error(self) -> float | None:
        """Of the fitness, where there are several repeats."""
        if self.fitness_std is None or not self.num_repeats:
            return None
        return self.fitness_std / math.sqrt(self.num_repeats)
