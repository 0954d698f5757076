"""The archive: the paper's memory table M, in SQLite.

Two tables carry it: a row for every individual, and append-only, numbered
events. State and fitness of an individual follow from its events; they are
kept as columns that change in the same transaction.
"""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean, stdev
from typing import Any, NamedTuple

from hnas_tf.archive import rows, schema
from hnas_tf.errors import ArchiveError
from hnas_tf.events import Event, Failed, Finished, to_document
from hnas_tf.evolution import Individual, Proposal, State
from hnas_tf.genotype import Genotype, genotype_from_json

FILE_NAME = "search.sqlite"


class Unfinished(NamedTuple):
    """An individual that was submitted and is not settled."""

    number: int
    genotype: Genotype
    num_attempts: int
    num_lost: int


class Archive:
    """All individuals of a search and all that happened to them.

    One program writes, any number may read meanwhile. Use `open_archive`.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    @classmethod
    def open(cls, workdir: str | Path) -> "Archive":
        """Opens the archive in a workdir for reading, also during a search.

        Raises:
            ArchiveError: if there is none, or it is damaged, foreign or newer.
        """
        return open_archive(Path(workdir) / FILE_NAME, writable=False)

    def close(self) -> None:
        """Closes the file; everything that was committed stays."""
        self._connection.close()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """What is written in its body is written, and synced, at once or not.

        Raises:
            ArchiveError: if it cannot be written, for example on a full disk.
        """
        with self._errors_in_words():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                # SQLite may have rolled back by itself, on a full disk.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def add(self, proposal: Proposal) -> None:
        """Adds an individual."""
        values = rows.from_proposal(proposal)
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        self._execute(
            f"INSERT INTO individuals ({names}) VALUES ({marks})",
            *values.values(),
        )

    def record(self, event: Event, *, time: float) -> int:
        """Appends an event, settles its individual, returns its number."""
        document = to_document(event)
        kind = document.pop("kind")
        cursor = self._execute(
            "INSERT INTO events (time, kind, individual, attempt, document)"
            " VALUES (?, ?, ?, ?, ?)",
            time,
            kind,
            document.pop("individual", None),
            document.pop("attempt", None),
            json.dumps(document, separators=(",", ":")),
        )
        if isinstance(event, Finished):
            self._settle(event.individual, *_fitness(event.accuracies), None)
        elif isinstance(event, Failed):
            self._settle(event.individual, None, None, event.reason)
        return int(cursor.lastrowid or 0)

    def genotype(self, number: int) -> Genotype:
        """Returns the genotype of the individual with a number."""
        (text,) = self._one(
            "SELECT genotype FROM individuals WHERE number = ?", number
        )
        return genotype_from_json(text)

    def individual(self, number: int) -> Individual:
        """Returns the individual with a number."""
        return rows.to_individual(
            self._one("SELECT * FROM individuals WHERE number = ?", number)
        )

    def individuals(self) -> list[Individual]:
        """Returns all individuals in the order of their proposal."""
        return self._individuals("ORDER BY number")

    def fittest(self, limit: int = 1) -> list[Individual]:
        """Returns the fittest individuals, of equal ones the older first."""
        return self._individuals(
            "WHERE fitness IS NOT NULL ORDER BY fitness DESC, number LIMIT ?",
            limit,
        )

    def settled(self) -> list[tuple[Individual, float]]:
        """Returns who is finished or failed, and when, in that order."""
        found = self._execute(
            "SELECT e.time, i.* FROM individuals i JOIN events e"
            " ON e.individual = i.number AND e.kind IN ('finished', 'failed')"
            " ORDER BY e.number"
        )
        return [(rows.to_individual(row), time) for time, *row in found]

    def fitnesses(self) -> list[tuple[int, float]]:
        """Returns number and fitness of the population, as they finished."""
        return [
            (int(number), float(fitness))
            for number, fitness in self._execute(
                "SELECT i.number, i.fitness FROM individuals i JOIN events e"
                " ON e.individual = i.number AND e.kind = 'finished'"
                " ORDER BY e.number"
            )
        ]

    def num_individuals(self, state: State | None = None) -> int:
        """Returns how many individuals there are, or are in a state."""
        if state is None:
            return int(self._one("SELECT count(*) FROM individuals")[0])
        query = "SELECT count(*) FROM individuals WHERE state = ?"
        return int(self._one(query, state)[0])

    def last_event(self) -> int:
        """Returns the number of the last event, 0 before the first."""
        return int(self._one("SELECT ifnull(max(number), 0) FROM events")[0])

    def unfinished(self) -> list[Unfinished]:
        """Returns the individuals that a search left unsettled, in order."""
        return [
            Unfinished(number, genotype_from_json(genotype), attempts, lost)
            for number, genotype, attempts, lost in self._execute(
                "SELECT i.number, i.genotype, ifnull(max(e.attempt), 0),"
                " ifnull(sum(e.kind = 'lost'), 0) FROM individuals i"
                " LEFT JOIN events e ON e.individual = i.number"
                " WHERE i.state = ? GROUP BY i.number ORDER BY i.number",
                State.SUBMITTED,
            )
        ]

    def events(
        self, *, kind: str | None = None, individual: int | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yields events in order, of a kind or an individual where given.

        Each is one flat dictionary of its number, time, kind, individual,
        attempt, and what its kind brings along.
        """
        for number, time, name, about, attempt, document in self._execute(
            "SELECT number, time, kind, individual, attempt, document"
            " FROM events WHERE (?1 IS NULL OR kind = ?1)"
            f" AND {'individual = ?2' if individual else '?2 IS NULL'}"
            " ORDER BY number",
            kind,
            individual,
        ):
            yield {
                "number": number,
                "time": time,
                "kind": name,
                "individual": about,
                "attempt": attempt,
                **json.loads(document),
            }

    def facts(self) -> dict[str, Any] | None:
        """Returns what the first worker of the search said of itself."""
        first = next(self.events(kind="ready"), None)
        return None if first is None else dict(first["facts"])

    def _settle(
        self,
        number: int,
        fitness: float | None,
        fitness_std: float | None,
        reason: str | None,
    ) -> None:
        state = State.FAILED if fitness is None else State.FINISHED
        self._execute(
            "UPDATE individuals SET state = ?, fitness = ?, fitness_std = ?,"
            " reason = ? WHERE number = ?",
            state,
            fitness,
            fitness_std,
            reason,
            number,
        )

    def _individuals(self, condition: str, *values: Any) -> list[Individual]:
        found = self._execute(f"SELECT * FROM individuals {condition}", *values)
        return [rows.to_individual(row) for row in found]

    def _one(self, query: str, *values: Any) -> tuple[Any, ...]:
        row = self._execute(query, *values).fetchone()
        if row is None:
            raise ArchiveError(
                f"Expected an individual of {self._path}. Received: number "
                f"{values[0]}"
            )
        return tuple(row)

    def _execute(self, query: str, *values: Any) -> sqlite3.Cursor:
        with self._errors_in_words():
            return self._connection.execute(query, values)

    @contextlib.contextmanager
    def _errors_in_words(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise ArchiveError(
                f"Expected to use the archive {self._path}. Received: {error}"
            ) from error


def open_archive(path: Path, *, writable: bool) -> Archive:
    """Opens an archive; a writable one is created or migrated if need be.

    Raises:
        ArchiveError: if there is none to read, or it is damaged, foreign or
            newer than this program.
    """
    try:
        mode = "rwc" if writable else "ro"
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
    except (sqlite3.Error, ArchiveError) as error:
        raise ArchiveError(
            f"Expected the archive of a search at {path}. Received: {error}"
        ) from error
    return Archive(connection, path)


def _prepare(connection: sqlite3.Connection, *, writable: bool) -> None:
    version = schema.check(connection)
    if not writable:
        if version < len(schema.MIGRATIONS):
            raise ArchiveError(
                f"its version is {version}; search on to migrate"
            )
        return
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise ArchiveError(f"it is damaged: {verdict}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    schema.migrate(connection)


def _fitness(accuracies: tuple[float, ...]) -> tuple[float, float | None]:
    """Returns the mean over the repeats, and their standard deviation."""
    spread = stdev(accuracies) if len(accuracies) > 1 else None
    return fmean(accuracies), spread
