"""What was tried, from when to when, and how it ended."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from hnas_tf.archive import Archive

_ENDS = ("finished", "failed", "lost")


@dataclass(frozen=True)
class Attempt:
    """One attempt at an individual.

    Attributes:
        individual: The individual's number.
        begun: When it was handed to a worker, in seconds since the epoch.
        ended: When the worker answered, or was found lost.
        end: `finished`, `failed` or `lost`.
        parts: Seconds of what the worker named, such as `training`.
        accuracies: Of the repeats, where it finished.
        words: What was said last, where it did not finish: the reason, and
            what the worker wrote.
    """

    individual: int
    begun: float
    ended: float
    end: str
    parts: dict[str, float] = field(default_factory=dict)
    accuracies: tuple[float, ...] = ()
    words: tuple[str, str] = ("", "")

    @property
    def seconds(self) -> float:
        """From beginning to end; a clock that was set back counts as 0."""
        return max(0.0, self.ended - self.begun)

    @property
    def other_seconds(self) -> float:
        """What the worker named nothing for: starting, and waiting."""
        return max(0.0, self.seconds - sum(self.parts.values()))


def attempts_of(
    archive: Archive, submitted: Sequence[dict[str, Any]]
) -> list[Attempt]:
    """Returns the attempts that have ended, in the order of their ends.

    Args:
        archive: Of the search.
        submitted: Its `submitted` events.
    """
    begun = {
        (event["individual"], event["attempt"]): event["time"]
        for event in submitted
    }
    ends = [event for kind in _ENDS for event in archive.events(kind=kind)]
    ends.sort(key=lambda event: int(event["number"]))
    return [
        _attempt(event, begun.get(key, event["time"]))
        for event in ends
        for key in [(event["individual"], event["attempt"])]
    ]


def _attempt(event: dict[str, Any], begun: float) -> Attempt:
    kind = event["kind"]
    return Attempt(
        event["individual"],
        begun,
        event["time"],
        kind,
        event.get("seconds", {}),
        tuple(event.get("accuracies", ())),
        (event.get("reason", kind), event.get("detail", "")),
    )


def busy_spans(attempts: Sequence[Attempt]) -> Iterator[tuple[float, int]]:
    """Yields how long how many attempts were under way at a time.

    Yields:
        Seconds, and a number of attempts that is at least 1.
    """
    changes = sorted(
        change
        for one in attempts
        if one.ended > one.begun
        for change in ((one.begun, 1), (one.ended, -1))
    )
    number, since = 0, 0.0
    for time, change in changes:
        if number and time > since:
            yield time - since, number
        number, since = number + change, time
