"""What a search has come to."""

from dataclasses import dataclass

from hnas_tf.archive.archive import Archive
from hnas_tf.evolution import Individual, State


@dataclass(frozen=True)
class Outcome:
    """What a search has come to.

    Attributes:
        best: The fittest individual; `None` if no one has a fitness.
        num_finished: Individuals that have a fitness.
        num_failed: Individuals that failed.
    """

    best: Individual | None
    num_finished: int
    num_failed: int


def outcome_of(archive: Archive) -> Outcome:
    """Returns what the search in an archive has come to so far."""
    return Outcome(
        next(iter(archive.fittest(1)), None),
        archive.num_individuals(State.FINISHED),
        archive.num_individuals(State.FAILED),
    )
