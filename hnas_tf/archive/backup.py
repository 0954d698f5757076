"""Copies of a search that may be running."""

import contextlib
import os
import sqlite3
from pathlib import Path

from hnas_tf import files
from hnas_tf.archive.archive import FILE_NAME
from hnas_tf.archive.config_file import CONFIG_NAME
from hnas_tf.archive.workdir import lock
from hnas_tf.errors import ArchiveError


def copy_search(workdir: Path, folder: Path) -> None:
    """Copies archive and configuration of one moment into a folder.

    What was there is replaced, whole or not at all. The same command goes on
    from a copy of the folder.

    Raises:
        ArchiveError: if they cannot be read or written, or a search, perhaps
            this one, runs in that folder: its archive is not to be replaced.
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


def _copy_into(folder: Path, workdir: Path) -> None:
    copy = folder / f".{FILE_NAME}.partial"
    try:
        copy.unlink(missing_ok=True)
        _copy_database(workdir / FILE_NAME, copy)
        config = (workdir / CONFIG_NAME).read_bytes()
        files.write_bytes(folder / CONFIG_NAME, config)
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
        # Without a WAL it is one file.
        here.execute("PRAGMA journal_mode = DELETE")
    with target.open("rb") as file:
        os.fsync(file.fileno())
