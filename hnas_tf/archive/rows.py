"""Rows of the archive: what they hold, and what is made of them."""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from hnas_tf import typed
from hnas_tf.events import Event, from_document
from hnas_tf.evolution import Individual, Mutation, Proposal, State, Told
from hnas_tf.genotype import (
    Genotype,
    genotype_from_json,
    genotype_to_json,
)
from hnas_tf.plan import Cost


class Unfinished(NamedTuple):
    """An individual that was proposed and is not settled."""

    number: int
    genotype: Genotype
    num_attempts: int
    num_lost: int


class Total(NamedTuple):
    """How many individuals are in a state, and what was thrown away for them.

    Attributes:
        state: Their state.
        number: How many there are.
        num_dead: Draws thrown away since the cell carried nothing.
        num_over_budget: Draws thrown away since they cost too much.
        num_equal: How many of them are not trained, since they are equal to
            another individual.
    """

    state: str
    number: int
    num_dead: int
    num_over_budget: int
    num_equal: int


class Settled(NamedTuple):
    """That an individual was finished or failed.

    Attributes:
        number: The individual's number.
        time: When that was, in seconds since the epoch.
    """

    number: int
    time: float


class Happening(NamedTuple):
    """An event in short, with what its individual has come to.

    Attributes:
        number: The event's number.
        time: When it was recorded, in seconds since the epoch.
        kind: Of the event.
        worker: The worker's number; 0 where the event is of none.
        individual: The individual's number; 0 where the event is of none.
        parameters: Of the individual's network.
        fitness: Of the individual; `None` if it has none by now.
        share: How far its first repeat came, likewise.
    """

    number: int
    time: float
    kind: str
    worker: int = 0
    individual: int = 0
    parameters: int = 0
    fitness: float | None = None
    share: float | None = None

    @property
    def rank(self) -> tuple[float, float]:
        """That of the individual; the fitter has the larger."""
        return self.share or 0.0, self.fitness or 0.0


def from_proposal(
    proposal: Proposal, *, equal_to: int | None
) -> dict[str, Any]:
    """Returns the columns of a new individual."""
    mutation = proposal.mutation
    return {
        "number": proposal.number,
        "genotype": genotype_to_json(proposal.genotype),
        "parent": proposal.parent,
        "mutation": None
        if mutation is None
        else json.dumps(mutation._asdict()),
        "parameters": proposal.cost.parameters,
        "multiply_adds": proposal.cost.multiply_adds,
        "activation_bytes": proposal.cost.activation_bytes,
        "known_event": proposal.known_event,
        "num_dead": proposal.num_dead,
        "num_over_budget": proposal.num_over_budget,
        "state": State.SUBMITTED,
        "digest": proposal.digest,
        "is_given": proposal.is_given,
        "equal_to": equal_to,
    }


def to_individual(row: Iterable[Any]) -> Individual:
    """Returns the individual of a row with all columns in their order."""
    number, written, parent, mutation, *rest = row
    genotype = genotype_from_json(written)
    parameters, multiply_adds, activation_bytes, *rest = rest
    known_event, num_dead, num_over_budget, *rest = rest
    state, fitness, fitness_std, reason, *rest = rest
    digest, is_given, equal_to, share, num_repeats = rest
    return Individual(
        number,
        genotype,
        Cost(parameters, multiply_adds, activation_bytes),
        digest,
        is_given=bool(is_given),
        parent=parent,
        mutation=_to_mutation(mutation, genotype) if mutation else None,
        known_event=known_event,
        num_dead=num_dead,
        num_over_budget=num_over_budget,
        state=State(state),
        fitness=fitness,
        fitness_std=fitness_std,
        reason=reason,
        equal_to=equal_to,
        share=share,
        num_repeats=num_repeats,
    )


def _to_mutation(written: str, genotype: Genotype) -> Mutation:
    """Returns what led to a genotype.

    Raises:
        ValueError: if it has no such edge.
    """
    mutation = typed.make(Mutation, json.loads(written))
    level, motif, target, source, _ = mutation
    motifs = genotype.level(level) if 2 <= level <= genotype.num_levels else ()
    is_motif = 1 <= motif <= len(motifs)
    if not is_motif or not 1 <= source < target <= motifs[motif - 1].num_nodes:
        raise ValueError(f"no edge of its genotype: {written}")
    return mutation


def to_told(row: tuple[Any, ...]) -> Told:
    """Returns what an algorithm is told of an individual that has a fitness.

    Raises:
        ValueError: if it has none.
    """
    number, fitness, share, *cost = row
    if fitness is None:
        raise ValueError(f"individual {number} without a fitness")
    return Told(number, fitness, share, Cost(*cost))


def to_event(row: tuple[Any, ...]) -> dict[str, Any]:
    """Returns the event of a row as one flat dictionary.

    Raises:
        LookupError, TypeError, ValueError: if it is none.
    """
    number, time, kind, individual, attempt, text = row
    about = {"individual": individual, "attempt": attempt}
    document = json.loads(text, parse_int=_as_sqlite) | {"kind": kind} | about
    event = event_of(document)
    own = {"number": number, "time": time, "kind": kind}
    return own | about | vars(event)


def event_of(document: dict[str, Any]) -> Event:
    """Returns the event that `to_event` made a dictionary of."""
    return from_document(
        {
            name: value
            for name, value in document.items()
            if value is not None and name not in ("number", "time")
        }
    )


def _as_sqlite(digits: str) -> int:
    """Returns a number that SQLite, and TensorBoard, can hold too."""
    number = int(digits)
    if not -(2**63) <= number < 2**63:
        raise ValueError("a number of more than 64 bits")
    return number
