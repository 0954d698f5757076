"""What a search has come to."""

from dataclasses import dataclass

from hnas_tf.archive.archive import Archive
from hnas_tf.evolution import Individual, State


@dataclass(frozen=True)
class Outcome:
    """What a search has come to.

    Attributes:
        best: The fittest individual; `None` if no one has a fitness.
        num_finished: Individuals that were trained as far as was of use, or
            are equal to one that was.
        num_stopped: Individuals that were stopped early, or are equal to one.
        num_failed: Individuals that failed.
        num_reused: Of those that have a fitness, who took it from another.
    """

    best: Individual | None
    num_finished: int
    num_stopped: int
    num_failed: int
    num_reused: int

    @property
    def num_settled(self) -> int:
        """The individuals of which nothing more is expected."""
        return self.num_finished + self.num_stopped + self.num_failed


def outcome_of(archive: Archive) -> Outcome:
    """Returns what the search in an archive has come to so far."""
    totals = {total.state: total for total in archive.totals()}
    finished, stopped, failed = (
        totals[state].number if state in totals else 0
        for state in (State.FINISHED, State.STOPPED, State.FAILED)
    )
    return Outcome(
        next(iter(archive.fittest(1)), None),
        finished,
        stopped,
        failed,
        sum(
            total.num_equal
            for total in totals.values()
            if total.state != State.SUBMITTED
        ),
    )
