"""An SQLite file: transactions, rows, and errors that are sentences."""

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from hnas_tf.archive import schema
from hnas_tf.archive.soundness import check_pages, check_rows
from hnas_tf.errors import ArchiveError

Row = TypeVar("Row")
Convert = Callable[[tuple[Any, ...]], Row]

MAX_VALUE_BYTES = 2**24
"""Of a row, of which a genotype or an event are the largest."""

_FAULTS: tuple[type[Exception], ...] = (
    sqlite3.Error,
    OverflowError,
    UnicodeError,
)
_NOT_OPENED: tuple[type[Exception], ...] = (*_FAULTS, OSError, ArchiveError)
_DAMAGE: tuple[type[Exception], ...] = (
    *_FAULTS,
    ValueError,
    TypeError,
    LookupError,
    RecursionError,
)


class Database:
    """An open database of ours; see `connect`."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def close(self) -> None:
        """Closes the file; everything that was committed stays."""
        self._connection.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """What is written in its body is written, and synced, at once or not.

        Raises:
            ArchiveError: if it cannot be written, for example on a full disk.
        """
        self._execute("BEGIN IMMEDIATE")
        try:
            yield
            self._execute("COMMIT")
        except BaseException:
            # SQLite may have rolled back by itself, on a full disk.
            if self._connection.in_transaction:
                self._execute("ROLLBACK")
            raise

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """What is read in its body is of one moment, whoever writes meanwhile.

        Raises:
            ArchiveError: if it cannot be read.
        """
        self._execute("BEGIN")
        try:
            yield
        finally:
            self._execute("COMMIT")

    def _execute(self, statement: str) -> None:
        with self._errors_in_words(_FAULTS):
            self._connection.execute(statement)

    def write(self, statement: str, *values: Any) -> int:
        """Runs a statement; returns the number of the row it inserted."""
        with self._errors_in_words(_FAULTS):
            cursor = self._connection.execute(statement, values)
            return int(cursor.lastrowid or 0)

    def read(
        self, convert: Convert[Row], query: str, *values: Any
    ) -> list[Row]:
        """Returns the converted rows of a query.

        Raises:
            ArchiveError: if they cannot be read, or a row does not convert,
                which is damage too.
        """
        with self._errors_in_words(_DAMAGE):
            found = self._connection.execute(query, values)
            return [convert(row) for row in found]

    def one(self, convert: Convert[Row], query: str, *values: Any) -> Row:
        """Returns the first row of a query.

        Raises:
            ArchiveError: if there is none, or it cannot be read.
        """
        found = self.read(convert, query, *values)
        if not found:
            raise ArchiveError(
                f"Expected an individual of {self._path}. Received: number "
                f"{values[0]}"
            )
        return found[0]

    @contextlib.contextmanager
    def _errors_in_words(
        self, faults: tuple[type[Exception], ...]
    ) -> Iterator[None]:
        try:
            yield
        except faults as error:
            raise ArchiveError(
                f"Expected to use the archive {self._path}. Received: {error}"
            ) from error


def connect(path: Path, *, writable: bool) -> Database:
    """Opens a database; a writable one is created or migrated if need be.

    Raises:
        ArchiveError: if there is none to read, or it is damaged, foreign or
            newer than this program.
    """
    try:
        mode = "rwc" if writable else _reading_mode(path)
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,
        )
        try:
            _prepare(connection, writable=writable)
        except BaseException:
            connection.close()
            raise
    except _NOT_OPENED as error:
        raise ArchiveError(
            f"Expected the archive of a search at {path}. Received: {error}"
        ) from error
    return Database(connection, path)


def _reading_mode(path: Path) -> str:
    """Returns how to read: with the files of the WAL, or where none can be.

    SQLite makes them even to read; a finished search on a medium that cannot
    be written to needs none.

    Raises:
        ArchiveError: if rows are in a WAL that cannot be read there.
    """
    wal, index = (path.with_name(f"{path.name}-{x}") for x in ("wal", "shm"))
    if os.access(path.parent, os.W_OK):
        return "ro"
    if not wal.exists():
        return "ro&immutable=1"
    if not index.exists():
        raise ArchiveError(
            f"its newest rows are in {wal.name}, which SQLite only reads in a "
            "folder that can be written: copy this one"
        )
    return "ro"


def _prepare(connection: sqlite3.Connection, *, writable: bool) -> None:
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
    version = schema.check(connection)
    connection.execute("PRAGMA foreign_keys = ON")
    check_pages(connection)
    is_current = version == len(schema.MIGRATIONS)
    if is_current:
        check_rows(connection)
    elif not writable:
        raise ArchiveError(
            f"its version is {version}, which the next run of the search "
            "brings up to date"
        )
    if writable:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        schema.migrate(connection)
    if not is_current:
        check_rows(connection)
