"""Early stop: asynchronous successive halving (Li et al., MLSys 2020).

A candidate that reaches a rung goes on if it is among the best that reached it
so far. Nobody waits for anybody: the first to come goes on, and whoever would
be stopped today stays stopped, however the later ones turn out.
"""

import bisect
from math import ceil


class SuccessiveHalving:
    """The accuracies that were reached at every rung."""

    def __init__(self, fraction: float) -> None:
        """Has seen no one yet.

        Args:
            fraction: The share of those who came that go on, in (0, 1).
        """
        self._fraction = fraction
        self._reached: dict[float, list[float]] = {}

    def add(self, share: float, accuracy: float) -> bool:
        """Takes in who has reached a rung; returns whether it may go on."""
        reached = self._reached.setdefault(share, [])
        bisect.insort(reached, accuracy)
        num_better = len(reached) - bisect.bisect_right(reached, accuracy)
        return num_better < ceil(self._fraction * len(reached))
