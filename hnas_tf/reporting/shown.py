"""Which candidates are shown: the best and the latest."""

import collections
import heapq


class ShownCandidates:
    """Half of the places are the best candidates', half the latest'."""

    def __init__(self, num_places: int) -> None:
        self._num_best = num_places // 2
        self._best: list[tuple[tuple[float, float], int]] = []
        self._latest: collections.deque[int] = collections.deque(
            maxlen=num_places - self._num_best
        )

    def numbers(self) -> set[int]:
        """Returns the candidates that are shown."""
        return {-number for _, number in self._best} | set(self._latest)

    def add(self, number: int, rank: tuple[float, float]) -> None:
        """Takes a candidate in; others may lose their places."""
        self._latest.append(number)
        # Of equal rank the older is the fitter, as in the population.
        heapq.heappush(self._best, (rank, -number))
        if len(self._best) > self._num_best:
            heapq.heappop(self._best)
