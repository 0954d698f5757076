"""The event protocol: what the engine tells the search, and a child its parent.

`Progress` is a question: the child waits for `go_on` or `stop`, so that no
decision ever depends on timing. An attempt number tells a late answer of a
worker that was given up from the answer that is waited for.
"""

from dataclasses import dataclass, field
from typing import Any, Final, get_args

from hnas_tf import typed
from hnas_tf.errors import InvalidError, require, require_at_least

OUT_OF_MEMORY: Final = "out of memory"
NOT_FINITE: Final = "not finite"
CANNOT_BUILD: Final = "cannot be built"
TIME_LIMIT: Final = "time limit"
WORKER_LOST: Final = "worker lost"
OTHER_ERROR: Final = "error"

Curve = tuple[tuple[int, float], ...]
"""Pairs of a step and the mean training loss up to there."""


@dataclass(frozen=True)
class Ready:
    """A worker waits for work.

    Attributes:
        worker: The worker's number.
        facts: What decides a fitness besides the configuration (device,
            threads, precision), and versions, as JSON values.
    """

    worker: int
    facts: dict[str, Any]


@dataclass(frozen=True)
class Unusable:
    """A worker cannot work at all, and no replacement of it could."""

    worker: int
    reason: str


@dataclass(frozen=True)
class Submitted:
    """An individual was handed to a worker; told by the search itself."""

    individual: int
    attempt: int


@dataclass(frozen=True)
class Progress:
    """How far a training has come; waits for `go_on` or `stop`.

    Attributes:
        individual: The individual's number.
        attempt: Which attempt at it this is, from 1.
        repeat: Which training of the attempt, from 1.
        share: How far the repeat has come, in (0, 1].
        accuracy: On the validation split, in [0, 1].
        curve: The points since the last progress of this repeat.
    """

    individual: int
    attempt: int
    repeat: int
    share: float
    accuracy: float
    curve: Curve = ()

    def __post_init__(self) -> None:
        """Checks the ranges.

        Raises:
            InvalidError: if a value is out of range.
        """
        require_at_least(1, self, "repeat")
        require(0 < self.share <= 1, "share", "lie in (0, 1]", self.share)
        accuracy = self.accuracy
        require(0 <= accuracy <= 1, "accuracy", "lie in [0, 1]", accuracy)


@dataclass(frozen=True)
class Judged:
    """The search decided whether a training goes on; told by itself.

    Attributes:
        individual: The individual's number.
        attempt: Which attempt asked first.
        repeat: Which training of the attempt, from 1.
        share: How far the repeat had come, in (0, 1].
        accuracies: Of the repeats so far, the present one last.
        goes_on: The answer.
    """

    individual: int
    attempt: int
    repeat: int
    share: float
    accuracies: tuple[float, ...]
    goes_on: bool


@dataclass(frozen=True)
class Reused:
    """An individual takes the fitness of an equal one; told by the search.

    Attributes:
        individual: The individual's number.
        equal_to: That of the one whose network is equal.
    """

    individual: int
    equal_to: int


@dataclass(frozen=True)
class Finished:
    """An individual is evaluated.

    Attributes:
        individual: The individual's number.
        attempt: Which attempt succeeded.
        accuracies: The validation accuracy of every repeat.
        seconds: What the time went into: building, tracing, training. The
            first two may have passed while another individual was trained.
        share: How far the first repeat came, in (0, 1]; filled in by the
            search, which knows whether it was stopped.
    """

    individual: int
    attempt: int
    accuracies: tuple[float, ...]
    seconds: dict[str, float] = field(default_factory=dict)
    share: float = 1.0

    def __post_init__(self) -> None:
        """Checks that there is a mean, and that mean and share make a rank.

        Raises:
            InvalidError: if there is none.
        """
        if not self.accuracies or not all(0 <= a <= 1 for a in self.accuracies):
            raise InvalidError(
                "Expected accuracies in [0, 1], one per repeat. "
                f"Received: {self.accuracies}"
            )
        require(0 < self.share <= 1, "share", "lie in (0, 1]", self.share)


@dataclass(frozen=True)
class Failed:
    """An individual cannot be evaluated; a state, not an error.

    Attributes:
        individual: The individual's number.
        attempt: Which attempt failed.
        reason: One of the reasons above.
        detail: What was said last, for a person.
    """

    individual: int
    attempt: int
    reason: str
    detail: str = ""


@dataclass(frozen=True)
class Lost:
    """The worker died under an individual; another attempt may succeed.

    Attributes:
        individual: The individual's number.
        attempt: Which attempt was lost.
        detail: What was said last, for a person.
        is_preempted: Whether it was the machine that was taken away, or lost:
            not its failure.
    """

    individual: int
    attempt: int
    detail: str = ""
    is_preempted: bool = False


Event = (
    Ready
    | Unusable
    | Submitted
    | Progress
    | Judged
    | Finished
    | Reused
    | Failed
    | Lost
)

_TYPES: dict[str, type[Event]] = {
    cls.__name__.lower(): cls for cls in get_args(Event)
}


def kind_of(event: Event) -> str:
    """Returns the event's name in the archive and on the wire."""
    return type(event).__name__.lower()


def to_document(event: Event) -> dict[str, Any]:
    """Returns the event as JSON values, with its `kind`."""
    return {"kind": kind_of(event), **vars(event)}


def from_document(document: dict[str, Any]) -> Event:
    """Returns the event that `to_document` made into JSON values.

    Raises:
        InvalidError: if a value is of another type, or out of range.
        LookupError, TypeError, ValueError: if the document is of no event.
    """
    fields = dict(document)
    return typed.make(_TYPES[fields.pop("kind")], fields)
