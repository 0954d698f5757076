"""The archive: the paper's memory table M, in SQLite.

Two tables carry it: a row for every individual, and append-only, numbered
events. State and fitness of an individual follow from its events; they are
kept as columns that change in the same transaction.
"""

import json
from contextlib import AbstractContextManager
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from hnas_tf.archive import rows
from hnas_tf.archive.database import Database, connect
from hnas_tf.archive.rows import Settled, Total, Unfinished
from hnas_tf.events import Event, Failed, Finished, to_document
from hnas_tf.evolution import Individual, Proposal, State
from hnas_tf.genotype import Genotype, genotype_from_json

FILE_NAME = "search.sqlite"


class Archive:
    """All individuals of a search and all that happened to them.

    One program writes, any number may read meanwhile. Use `open_archive`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, workdir: str | Path) -> "Archive":
        """Opens the archive in a workdir for reading, also during a search.

        Raises:
            ArchiveError: if there is none, or it is damaged, foreign or newer.
        """
        return open_archive(Path(workdir) / FILE_NAME, writable=False)

    def close(self) -> None:
        """Closes the file; everything that was committed stays."""
        self._database.close()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def transaction(self) -> AbstractContextManager[None]:
        """What is written in its body is written, and synced, at once or not.

        Raises:
            ArchiveError: if it cannot be written, for example on a full disk.
        """
        return self._database.transaction()

    def add(self, proposal: Proposal) -> None:
        """Adds an individual."""
        values = rows.from_proposal(proposal)
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        self._database.write(
            f"INSERT INTO individuals ({names}) VALUES ({marks})",
            *values.values(),
        )

    def record(self, event: Event, *, time: float) -> int:
        """Appends an event, settles its individual, returns its number."""
        document = to_document(event)
        kind = document.pop("kind")
        number = self._database.write(
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
        return number

    def genotype(self, number: int) -> Genotype:
        """Returns the genotype of the individual with a number."""
        return self._database.one(
            lambda row: genotype_from_json(row[0]),
            "SELECT genotype FROM individuals WHERE number = ?",
            number,
        )

    def fitness(self, number: int) -> float:
        """Returns the fitness of a finished individual."""
        return self._database.one(
            lambda row: float(row[0]),
            "SELECT fitness FROM individuals WHERE number = ?",
            number,
        )

    def individual(self, number: int) -> Individual:
        """Returns the individual with a number."""
        return self._database.one(
            rows.to_individual,
            "SELECT * FROM individuals WHERE number = ?",
            number,
        )

    def individuals(self) -> list[Individual]:
        """Returns all individuals in the order of their proposal."""
        return self._database.read(
            rows.to_individual, "SELECT * FROM individuals ORDER BY number"
        )

    def fittest(self, limit: int = 1) -> list[Individual]:
        """Returns the fittest individuals, of equal ones the older first."""
        return self._database.read(
            rows.to_individual,
            "SELECT * FROM individuals WHERE fitness IS NOT NULL"
            " ORDER BY fitness DESC, number LIMIT ?",
            limit,
        )

    def settled(self) -> list[Settled]:
        """Returns who is finished or failed, in the order in which it was."""
        return self._database.read(
            Settled._make,
            "SELECT i.number, i.fitness, i.parameters, e.time"
            " FROM individuals i JOIN events e"
            " ON e.individual = i.number AND e.kind IN ('finished', 'failed')"
            " ORDER BY e.number",
        )

    def fitnesses(self) -> list[tuple[int, float]]:
        """Returns number and fitness of the population, as they finished."""
        return self._database.read(
            lambda row: (int(row[0]), float(row[1])),
            "SELECT i.number, i.fitness FROM individuals i JOIN events e"
            " ON e.individual = i.number AND e.kind = 'finished'"
            " ORDER BY e.number",
        )

    def num_individuals(self, state: State | None = None) -> int:
        """Returns how many individuals there are, or are in a state."""
        counted = self.totals()
        return sum(t.number for t in counted if state in (None, t.state))

    def totals(self) -> list[Total]:
        """Returns how many individuals are in each state that occurs."""
        return self._database.read(
            Total._make,
            "SELECT state, count(*), sum(num_dead), sum(num_over_budget)"
            " FROM individuals GROUP BY state",
        )

    def last_event(self) -> int:
        """Returns the number of the last event, 0 before the first."""
        return self._database.one(
            _number, "SELECT ifnull(max(number), 0) FROM events"
        )

    def unfinished(self) -> list[Unfinished]:
        """Returns the individuals that a search left unsettled, in order."""
        return self._database.read(
            lambda row: Unfinished(
                row[0], genotype_from_json(row[1]), *row[2:]
            ),
            "SELECT i.number, i.genotype, ifnull(max(e.attempt), 0),"
            " ifnull(sum(e.kind = 'lost'), 0) FROM individuals i"
            " LEFT JOIN events e ON e.individual = i.number"
            " WHERE i.state = ? GROUP BY i.number ORDER BY i.number",
            State.SUBMITTED,
        )

    def events(
        self, *, kind: str | None = None, individual: int | None = None
    ) -> list[dict[str, Any]]:
        """Returns events in order, of a kind or an individual where given.

        Each is one flat dictionary of its number, time, kind, individual,
        attempt, and what its kind brings along.
        """
        return self._database.read(
            rows.to_event,
            "SELECT number, time, kind, individual, attempt, document"
            " FROM events WHERE (? IS NULL OR kind = ?)"
            f" AND {'individual = ?' if individual else '? IS NULL'}"
            " ORDER BY number",
            kind,
            kind,
            individual,
        )

    def facts(self) -> dict[str, Any] | None:
        """Returns what the first worker of the search said of itself."""
        first = self._database.read(
            lambda row: dict(json.loads(row[0])["facts"]),
            "SELECT document FROM events WHERE kind = 'ready'"
            " ORDER BY number LIMIT 1",
        )
        return first[0] if first else None

    def _settle(
        self,
        number: int,
        fitness: float | None,
        fitness_std: float | None,
        reason: str | None,
    ) -> None:
        state = State.FAILED if fitness is None else State.FINISHED
        self._database.write(
            "UPDATE individuals SET state = ?, fitness = ?, fitness_std = ?,"
            " reason = ? WHERE number = ?",
            state,
            fitness,
            fitness_std,
            reason,
            number,
        )


def open_archive(path: Path, *, writable: bool) -> Archive:
    """Opens an archive; a writable one is created or migrated if need be.

    Raises:
        ArchiveError: if there is none to read, or it is damaged, foreign or
            newer than this program.
    """
    return Archive(connect(path, writable=writable))


def _fitness(accuracies: tuple[float, ...]) -> tuple[float, float | None]:
    """Returns the mean over the repeats, and their standard deviation."""
    spread = stdev(accuracies) if len(accuracies) > 1 else None
    return fmean(accuracies), spread


def _number(row: tuple[Any, ...]) -> int:
    return int(row[0])
