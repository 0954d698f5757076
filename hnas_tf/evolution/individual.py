"""An individual: a genotype with its ancestry, state and fitness."""

import enum
from dataclasses import dataclass

from hnas_tf.evolution.mutation import Mutation
from hnas_tf.genotype import Genotype
from hnas_tf.plan import Cost


class State(enum.StrEnum):
    """How far the evaluation of an individual has come.

    Attributes:
        SUBMITTED: Proposed, and handed to a worker or waiting for one.
        FINISHED: It has a fitness, and is in the population.
        FAILED: It will never have one; the archive has the reason.
    """

    SUBMITTED = "submitted"
    FINISHED = "finished"
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
        parent: The number of the tournament's winner; `None` for a random
            genotype.
        mutation: What made it out of the parent.
        known_event: The number of the last event known when it was proposed.
        num_dead: Draws thrown away since the cell carried nothing.
        num_over_budget: Draws thrown away since they cost too much.
    """

    number: int
    genotype: Genotype
    cost: Cost
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
    """

    state: State = State.SUBMITTED
    fitness: float | None = None
    fitness_std: float | None = None
    reason: str | None = None
