"""Copies of a search elsewhere, every few minutes."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from hnas_tf.archive import Archive, copy_search
from hnas_tf.errors import ArchiveError, require
from hnas_tf.evolution import Individual


class Backups:
    """A watcher that copies a search when something has happened.

    A copy that fails is told of, and the search goes on.
    """

    def __init__(
        self,
        workdir: Path,
        folder: Path,
        *,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Copies nothing yet.

        Args:
            workdir: Of the search.
            folder: Where the copy lies.
            seconds: How old the copy is, at least, when it is replaced.
            clock: In seconds.

        Raises:
            InvalidError: if that is the workdir itself.
        """
        require(
            folder.resolve() != workdir.resolve(),
            "backup_dir",
            "be another folder than the workdir",
            folder,
        )
        self._workdir, self._folder = workdir, folder
        self._seconds, self._clock = seconds, clock
        self._due = clock()

    def begin(self, archive: Archive) -> None:
        """Leaves the copy as it is, which may be of another state."""

    def settled(self, individual: Individual, archive: Archive) -> None:
        """Copies the search, if the copy is old."""
        del individual, archive
        if self._clock() >= self._due:
            self._copy()

    def end(self, archive: Archive) -> None:
        """Copies what the search has come to."""
        del archive
        self._copy()

    def _copy(self) -> None:
        try:
            copy_search(self._workdir, self._folder)
        except ArchiveError as error:
            print(f"warning: no backup: {error}", file=sys.stderr)
        self._due = self._clock() + self._seconds
