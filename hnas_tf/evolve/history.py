"""What a verification keeps of a search's history besides its decisions."""

from collections import defaultdict
from collections.abc import Iterator

from hnas_tf.events import Finished, Progress

_Attempt = tuple[int, int]
"""An individual, and which attempt at it."""


class Reports:
    """What trainings said on the way, by attempt."""

    def __init__(self, num_repeats: int) -> None:
        """Has heard of none.

        Args:
            num_repeats: Of everyone who is not stopped.
        """
        self._num_repeats = num_repeats
        # By repeat, the last that was heard of it.
        self._reached: defaultdict[_Attempt, dict[int, Progress]] = defaultdict(
            dict
        )
        self._stopped: set[_Attempt] = set()

    def add(self, progress: Progress, *, goes_on: bool) -> Iterator[str]:
        """Takes in a progress; yields if the training was to have ended."""
        number, attempt = progress.individual, progress.attempt
        about = (number, attempt)
        if about in self._stopped:
            yield f"Individual {number} was trained on after it was stopped"
        if not goes_on:
            self._stopped.add(about)
        self._reached[about][progress.repeat] = progress

    def end(self, finished: Finished) -> Iterator[str]:
        """Yields if what a training ends with is not what it said before.

        A user's evaluator that says nothing on the way is believed.
        """
        number = finished.individual
        about = (number, finished.attempt)
        reached = tuple(self._reached.pop(about, {}).values())
        if not reached:
            return
        if tuple(one.accuracy for one in reached) != finished.accuracies:
            yield f"Individual {number} ended with other accuracies than it had"
        last = reached[-1]
        is_whole = (last.repeat, last.share) == (self._num_repeats, 1.0)
        if not is_whole and about not in self._stopped:
            yield f"Individual {number} ended early, though nobody stopped it"


class Networks:
    """Who is trained with a network, while others take the fitness.

    As in `Equals`, but out of the history alone.
    """

    def __init__(self, *, reuses: bool) -> None:
        """Knows of no network.

        Args:
            reuses: Whether anyone takes a fitness at all.
        """
        self._reuses = reuses
        self._digests: dict[int, str] = {}
        self._trained: dict[str, int] = {}
        self._open: defaultdict[str, list[int]] = defaultdict(list)

    def propose(self, number: int, digest: str) -> None:
        """Learns of an individual; the first of a network is to be trained."""
        self._digests[number] = digest
        self._open[digest].append(number)
        self._trained.setdefault(digest, number)

    def are_equal(self, number: int, other: int) -> bool:
        """Returns whether two individuals have one network."""
        return self._digests.get(number) == self._digests.get(other)

    def submit(self, number: int) -> Iterator[str]:
        """Yields if an individual is trained for nothing."""
        known = self._trained.get(self._digests.get(number, ""), number)
        if self._reuses and known != number:
            yield f"Individual {number} was trained, as {known} was before"

    def reuse(self, number: int) -> Iterator[str]:
        """Yields if an individual may not take a fitness."""
        if not self._reuses:
            yield f"Individual {number} was not trained, as all were to be"

    def end(self, number: int, *, has_failed: bool) -> None:
        """Learns that an individual has ended.

        If it failed, the first who waited for it is to be trained.
        """
        digest = self._digests.get(number)
        if digest is None or number not in self._open[digest]:
            return
        self._open[digest].remove(number)
        if has_failed and self._trained[digest] == number:
            del self._trained[digest]
            for waiting in self._open[digest][:1]:
                self._trained[digest] = waiting
