"""Who may look on while a search runs."""

from typing import Protocol

from hnas_tf.archive import Archive
from hnas_tf.evolution import Individual


class Watcher(Protocol):
    """Shows what a search does; decides nothing."""

    def begin(self, archive: Archive) -> None:
        """Is told where the search stands before it goes on."""

    def settled(self, individual: Individual, archive: Archive) -> bool | None:
        """Is told of an individual that is finished or has failed.

        Returns:
            `False` if it wants to be told again later: `Every` does so.
        """

    def end(self, archive: Archive) -> None:
        """Is told that the search ends, whatever the reason."""
