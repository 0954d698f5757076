"""Who may look on while a search runs."""

from typing import Protocol

from hnas_tf.archive import Archive
from hnas_tf.evolution import Individual


class Watcher(Protocol):
    """Shows what a search does; decides nothing."""

    def begin(self, archive: Archive) -> None:
        """Is told where the search stands before it goes on."""

    def settled(self, individual: Individual, archive: Archive) -> None:
        """Is told of an individual that is finished or has failed."""

    def end(self, archive: Archive) -> None:
        """Is told that the search ends, whatever the reason."""
