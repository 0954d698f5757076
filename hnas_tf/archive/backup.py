"""Copies of a search that may be running."""

import contextlib
import os
import sqlite3
from pathlib import Path

from hnas_tf import files
from hnas_tf.archive.archive import FILE_NAME, Archive, open_archive
from hnas_tf.archive.config_file import CONFIG_NAME, read_config
from hnas_tf.archive.workdir import check_same_search, lock, require_no_links
from hnas_tf.errors import ArchiveError


def copy_search(workdir: Path, folder: Path) -> None:
    """Copies archive and configuration of one moment into a folder.

    An older copy there is replaced, whole or not at all. The same command goes
    on from a copy of the folder.

    Raises:
        ArchiveError: if they cannot be read or written, the folder holds
            anything but an older state of the search, or a search, perhaps
            this one, runs there: its archive is not to be replaced.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with lock(folder):
            _copy_into(folder, workdir)
    except (OSError, sqlite3.Error) as error:
        raise ArchiveError(
            f"Expected to copy the search in {workdir} to {folder}. "
            f"Received: {error}"
        ) from error


def check_backup(workdir: Path, folder: Path, archive: Archive) -> None:
    """Checks that a folder has nothing that a search in a workdir has not.

    Args:
        workdir: Of the search.
        folder: Where copies of it are to lie.
        archive: Of the search.

    Raises:
        ArchiveError: if it has; says how to go on from there.
    """
    try:
        require_no_links(folder)
        check_same_search(folder, read_config(workdir / CONFIG_NAME))
        if (folder / FILE_NAME).exists():
            with Archive.open(folder) as there:
                _require_older(there, archive)
    except (OSError, ArchiveError) as error:
        raise ArchiveError(
            f"Expected no backup in {folder}, or an older one of the search in "
            f"{workdir}; to go on from the one there, copy its files to the "
            f"workdir. Received: {error}"
        ) from error


def _require_older(there: Archive, archive: Archive) -> None:
    if not archive.goes_on_from(there):
        raise ArchiveError(
            f"a backup with {there.num_individuals()} individuals, whose last "
            "event this search does not know"
        )


def _copy_into(folder: Path, workdir: Path) -> None:
    copy = folder / f".{FILE_NAME}.partial"
    try:
        copy.unlink(missing_ok=True)
        config = (workdir / CONFIG_NAME).read_bytes()
        _copy_database(workdir / FILE_NAME, copy)
        with open_archive(copy, writable=False) as archive:
            check_backup(workdir, folder, archive)
        files.write_bytes(folder / CONFIG_NAME, config)
        _tidy(folder / FILE_NAME)
        copy.replace(folder / FILE_NAME)
    finally:
        # A disk may be full: what was not finished is in the way of others.
        with contextlib.suppress(OSError):
            copy.unlink(missing_ok=True)


def _copy_database(source: Path, target: Path) -> None:
    """Copies by SQLite's own means: the file alone may lack what is new."""
    uri = f"{source.absolute().as_uri()}?mode=ro"
    with (
        contextlib.closing(sqlite3.connect(uri, uri=True)) as there,
        contextlib.closing(sqlite3.connect(target)) as here,
    ):
        there.backup(here)
        _make_one_file(here)
    with target.open("rb") as file:
        os.fsync(file.fileno())


def _tidy(path: Path) -> None:
    """Leaves no files beside a database: they would count for the next one.

    A search that went on in the folder, and was killed, leaves such.
    """
    if path.exists():
        with contextlib.closing(sqlite3.connect(path)) as connection:
            _make_one_file(connection)
    for left_over in path.parent.glob(f"{path.name}-*"):
        left_over.unlink()


def _make_one_file(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = DELETE")
