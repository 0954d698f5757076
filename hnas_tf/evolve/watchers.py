"""All who look on while a search runs."""

import contextlib
import math
from collections.abc import Iterator, Sequence

from hnas_tf.archive import Archive
from hnas_tf.evolve.every import Every
from hnas_tf.evolve.watcher import Watcher


class Watchers:
    """Tells each of them, now or when its time comes."""

    def __init__(self, watchers: Sequence[Watcher]) -> None:
        """Takes them in the order in which they are told."""
        self._all = watchers
        self._held = [one for one in watchers if isinstance(one, Every)]

    @contextlib.contextmanager
    def looking_on(self, archive: Archive) -> Iterator[None]:
        """Tells them where a search stands, and then that it ends."""
        with contextlib.ExitStack() as ends:
            for watcher in self._all:
                watcher.begin(archive)
                # Whatever becomes of the others.
                ends.callback(watcher.end, archive)
            yield

    def settled(self, number: int, archive: Archive) -> None:
        """Tells them of an individual that is finished or has failed."""
        individual = archive.individual(number)
        for watcher in self._all:
            watcher.settled(individual, archive)

    def seconds_left(self) -> float:
        """Returns when one has something to be told: in how many seconds."""
        times = [watcher.seconds_left() for watcher in self._held]
        return min(times, default=math.inf)

    def look(self, archive: Archive) -> None:
        """Tells those whose time has come."""
        for watcher in self._held:
            watcher.look(archive)
