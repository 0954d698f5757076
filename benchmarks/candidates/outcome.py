"""What a whole run found, as medians and ratios."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import NamedTuple

from benchmarks.candidates.calibration import Tried
from benchmarks.candidates.contenders import Contender
from benchmarks.candidates.results import ERROR, Found

Quantity = Callable[[Found], float]
"""Takes a number out of a measurement."""


def training(found: Found) -> float:
    """Returns the pictures that are trained on in a second."""
    return found["images_per_second"]


def evaluation(found: Found) -> float:
    """Returns the pictures that are evaluated in a second."""
    return found["evaluated_per_second"]


def first_steps(found: Found) -> float:
    """Returns the seconds of the machine until a candidate's first steps end.

    Processes that work at the same time share them.
    """
    return found["first_steps_seconds"] / found["processes"]


def rebuilding(found: Found) -> float:
    """Returns the seconds that a network costs besides its steps."""
    return (
        found["build_seconds"]
        + found["first_call_seconds"]
        - found["step_seconds"]
    )


def resetting(found: Found) -> float:
    """Returns the seconds between two repeats of a training."""
    return found["reset_seconds"]


class Spread(NamedTuple):
    """A median, and what it lies between."""

    median: float
    least: float
    most: float


@dataclass
class Outcome:
    """The measurements of all rounds.

    Attributes:
        contenders: Who was measured.
        genotypes: On which candidates.
        num_rounds: How often.
        differences: The largest between functions, of every candidate.
        tried: The calibration.
        peaks: Of the machine, of every round.
    """

    contenders: Sequence[Contender]
    genotypes: Sequence[str]
    num_rounds: int
    differences: list[float] = field(default_factory=list)
    tried: Tried = field(default_factory=dict)
    peaks: list[Found] = field(default_factory=list)
    _found: dict[tuple[str, str], list[Found]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, contender: Contender, genotype: str, found: Found) -> None:
        self._found[contender.name, genotype].append(found)

    def errors(self) -> dict[str, str]:
        """Returns the last reason why a measurement failed, if one did."""
        return {
            f"{name}, {genotype}": one[ERROR]
            for (name, genotype), found in self._found.items()
            for one in found
            if ERROR in one
        }

    def spread(
        self, contender: str, genotype: str, quantity: Quantity
    ) -> Spread | None:
        """Returns it over the rounds that did not fail, if there are any."""
        found = self._found.get((contender, genotype), [])
        return spread_of(quantity(one) for one in found if ERROR not in one)

    def ratio(
        self,
        over: tuple[str, Quantity],
        under: tuple[str, Quantity],
        genotype: str,
    ) -> float | None:
        """Returns how the medians of two quantities compare."""
        above, below = (
            self.spread(name, genotype, quantity)
            for name, quantity in (over, under)
        )
        return above.median / below.median if above and below else None


def spread_of(values: Iterable[float]) -> Spread | None:
    found = list(values)
    if not found:
        return None
    return Spread(median(found), min(found), max(found))
