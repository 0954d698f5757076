"""What can be asked of an archive."""

from contextlib import AbstractContextManager
from typing import Any

from hnas_tf.archive import rows
from hnas_tf.archive.database import Database
from hnas_tf.archive.rows import Happening, Settled, Total, Unfinished
from hnas_tf.evolution import Individual, State, Told
from hnas_tf.genotype import Genotype, genotype_from_json

_TOLD = (
    "i.number, i.fitness, i.share, i.parameters, i.multiply_adds,"
    " i.activation_bytes"
)
_EVENTS = "SELECT number, time, kind, individual, attempt, document FROM events"


class Queries:
    """The individuals of a search, and all that happened to them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def snapshot(self) -> AbstractContextManager[None]:
        """What is read in its body is of one moment, whoever writes meanwhile.

        Raises:
            ArchiveError: if it cannot be read.
        """
        return self._database.snapshot()

    def genotype(self, number: int) -> Genotype:
        """Returns the genotype of the individual with a number."""
        return self._database.one(
            lambda row: genotype_from_json(row[0]),
            "SELECT genotype FROM individuals WHERE number = ?",
            number,
        )

    def told(self, number: int) -> Told:
        """Returns what an algorithm is told of one that has a fitness."""
        return self._database.one(
            rows.to_told,
            f"SELECT {_TOLD} FROM individuals i WHERE number = ?",
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

    def fittest(
        self, limit: int = 1, *, only_trained: bool = False
    ) -> list[Individual]:
        """Returns the fittest individuals, of equal ones the older first.

        Whoever was stopped early comes behind all that reached more.

        Args:
            limit: The most of them.
            only_trained: Whether to leave out who took the fitness of another,
                whose network is the same.
        """
        return self._database.read(
            rows.to_individual,
            "SELECT * FROM individuals WHERE fitness IS NOT NULL"
            " AND NOT (? AND equal_to IS NOT NULL)"
            " ORDER BY share DESC, fitness DESC, number LIMIT ?",
            only_trained,
            limit,
        )

    def trained_as(self, digest: str) -> int | None:
        """Returns who is, or will be, trained with a network, if anyone is.

        Whoever failed is not: another one may have more luck.
        """
        found = self._database.read(
            _number,
            "SELECT number FROM individuals WHERE digest = ?"
            " AND equal_to IS NULL AND state != ? ORDER BY number LIMIT 1",
            digest,
            State.FAILED,
        )
        return found[0] if found else None

    def waiting_for(self, number: int) -> list[int]:
        """Returns the individuals that will take the fitness of another."""
        return self._database.read(
            _number,
            "SELECT number FROM individuals WHERE equal_to = ? AND state = ?"
            " ORDER BY number",
            number,
            State.SUBMITTED,
        )

    def settled(self) -> list[Settled]:
        """Returns who is finished or failed, in the order in which it was."""
        return self._database.read(
            Settled._make,
            "SELECT individual, time FROM events"
            " WHERE kind IN ('finished', 'reused', 'failed') ORDER BY number",
        )

    def happenings(self, *, after: int = 0) -> list[Happening]:
        """Returns what workers and individuals went through, in order.

        Args:
            after: The number of the last event that is left out.
        """
        return self._database.read(
            Happening._make,
            "SELECT e.number, e.time, e.kind,"
            " iif(e.individual, 0, json_extract(e.document, '$.worker')),"
            " ifnull(e.individual, 0), ifnull(i.parameters, 0), i.fitness,"
            " i.share"
            " FROM events e LEFT JOIN individuals i ON i.number = e.individual"
            " WHERE e.number > ? AND e.kind NOT IN ('progress', 'judged')"
            " ORDER BY e.number",
            after,
        )

    def population(self) -> list[Told]:
        """Returns who has a fitness, in the order in which they got it."""
        return self._database.read(
            rows.to_told,
            f"SELECT {_TOLD} FROM individuals i JOIN events e"
            " ON e.individual = i.number AND e.kind IN ('finished', 'reused')"
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
            "SELECT state, count(*), sum(num_dead), sum(num_over_budget),"
            " count(equal_to) FROM individuals GROUP BY state",
        )

    def last_event(self) -> int:
        """Returns the number of the last event, 0 before the first."""
        return self._database.one(
            _number, "SELECT ifnull(max(number), 0) FROM events"
        )

    def goes_on_from(self, older: "Queries") -> bool:
        """Returns whether this is a later state of an archive, or the same.

        Events are never changed, and each has its time: the last decides.
        """
        last = older.last_event()
        return last == 0 or self._event(last) == older._event(last)

    def _event(self, number: int) -> list[tuple[Any, ...]]:
        """Returns the event of a number as it was written, if there is one."""
        return self._database.read(tuple, f"{_EVENTS} WHERE number = ?", number)

    def unfinished(self) -> list[Unfinished]:
        """Returns the individuals that a search left untrained, in order.

        Those that wait for an equal one are not among them.
        """
        return self._database.read(
            lambda row: Unfinished(
                row[0], genotype_from_json(row[1]), *row[2:]
            ),
            "SELECT i.number, i.genotype, ifnull(max(e.attempt), 0),"
            " ifnull(sum(e.kind = 'lost' AND NOT"
            " ifnull(json_extract(e.document, '$.is_preempted'), 0)), 0)"
            " FROM individuals i"
            " LEFT JOIN events e ON e.individual = i.number"
            " WHERE i.state = ? AND i.equal_to IS NULL"
            " GROUP BY i.number ORDER BY i.number",
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
            f"{_EVENTS} WHERE (? IS NULL OR kind = ?)"
            f" AND {'individual = ?' if individual else '? IS NULL'}"
            " ORDER BY number",
            kind,
            kind,
            individual,
        )

    def judgements(self) -> list[dict[str, Any]]:
        """Returns the `judged` and `finished` events, in order."""
        return self._database.read(
            rows.to_event,
            f"{_EVENTS} WHERE kind IN ('judged', 'finished') ORDER BY number",
        )

    def facts(self) -> dict[str, Any] | None:
        """Returns what the first worker of the search said of itself."""
        first = self._database.read(
            rows.to_event,
            f"{_EVENTS} WHERE kind = 'ready' ORDER BY number LIMIT 1",
        )
        return dict(first[0]["facts"]) if first else None


def _number(row: tuple[Any, ...]) -> int:
    return int(row[0])
