"""What a search writes down as it happens."""

from collections.abc import Callable

from hnas_tf.archive import Archive
from hnas_tf.events import Event, Failed, Finished, Reused


class Journal:
    """Records events, and knows what has come of them since it was asked.

    Attributes:
        last_event: The number of the last event, by which a proposal says
            what was known when it was made.
    """

    def __init__(self, archive: Archive, clock: Callable[[], float]) -> None:
        """Stands where a search stands.

        Args:
            archive: Of the search.
            clock: Tells the time in seconds.
        """
        self._archive = archive
        self._clock = clock
        self._settled: list[int] = []
        self.last_event = archive.last_event()

    def record(self, event: Event) -> None:
        """Writes an event down, with the time."""
        self.last_event = self._archive.record(event, time=self._clock())
        if isinstance(event, Finished | Failed | Reused):
            self._settled.append(event.individual)

    def take_settled(self) -> list[int]:
        """Returns who has settled since the last call, in order."""
        settled, self._settled = self._settled, []
        return settled
