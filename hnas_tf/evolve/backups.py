"""Copies of a search elsewhere, every few minutes."""

import sys
from pathlib import Path

from hnas_tf.archive import (
    Archive,
    check_backup,
    copy_search,
    require_local,
)
from hnas_tf.errors import ArchiveError, require
from hnas_tf.evolution import Individual


class Backups:
    """A watcher that copies a search whenever it is told of it.

    A copy that fails is told of and tried again, and the search goes on.
    """

    def __init__(self, workdir: Path, folder: Path) -> None:
        """Copies nothing yet.

        Args:
            workdir: Of the search.
            folder: Where the copy lies.

        Raises:
            HnasError: if that is the workdir itself, or in a bucket.
        """
        require_local(folder, "a backup_dir")
        require(
            folder.resolve() != workdir.resolve(),
            "backup_dir",
            "be another folder than the workdir",
            folder,
        )
        self._workdir, self._folder = workdir, folder

    def begin(self, archive: Archive) -> None:
        """Copies nothing yet, and looks at what is there.

        Raises:
            ArchiveError: if it is anything but an older state of the search.
        """
        check_backup(self._workdir, self._folder, archive)

    def settled(self, individual: Individual, archive: Archive) -> bool:
        """Copies what the search has come to; returns whether it could."""
        del individual, archive
        return self._copy()

    def end(self, archive: Archive) -> None:
        """Copies what the search has come to."""
        del archive
        self._copy()

    def _copy(self) -> bool:
        try:
            copy_search(self._workdir, self._folder)
        except ArchiveError as error:
            print(f"warning: no backup: {error}", file=sys.stderr)
            return False
        return True
