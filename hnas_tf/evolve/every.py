"""A watcher that is told of a search only now and then."""

import math
import time
from collections.abc import Callable

from hnas_tf.archive import Archive
from hnas_tf.evolution import Individual
from hnas_tf.evolve.watcher import Watcher


class Every:
    """Tells another watcher what happens, once in so many seconds.

    It is for watchers that look at the archive, where all of it stands: of
    those who were settled meanwhile they are told the last, and again if they
    could not act.
    """

    def __init__(
        self,
        seconds: float,
        watcher: Watcher,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Tells nothing yet.

        Args:
            seconds: From one time to the next, at least; and at most, if
                somebody was settled.
            watcher: Who is told.
            clock: In seconds.
        """
        self._seconds, self._watcher, self._clock = seconds, watcher, clock
        self._untold: Individual | None = None
        self._due = -math.inf

    def begin(self, archive: Archive) -> None:
        """Tells it at once, and of the first who is settled too."""
        self._watcher.begin(archive)

    def settled(self, individual: Individual, archive: Archive) -> None:
        """Tells it if the time has come; else when it has."""
        self._untold = individual
        self.look(archive)

    def end(self, archive: Archive) -> None:
        """Tells it at once."""
        self._watcher.end(archive)

    def seconds_left(self) -> float:
        """Returns when it has something to tell: in how many seconds."""
        if self._untold is None:
            return math.inf
        return max(0.0, self._due - self._clock())

    def look(self, archive: Archive) -> None:
        """Tells what is untold, if the time has come."""
        if self._untold is not None and self._clock() >= self._due:
            is_done = self._watcher.settled(self._untold, archive)
            if is_done is not False:
                self._untold = None
            self._due = self._clock() + self._seconds
