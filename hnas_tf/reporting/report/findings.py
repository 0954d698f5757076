"""What a search found, and how far it is beyond chance."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import sqrt
from statistics import median, stdev
from typing import Any, NamedTuple

from hnas_tf.evolution import Individual, State

_CLEAR = 2.0  # Standard errors beyond which a difference is hardly chance.


class Difference(NamedTuple):
    """The fitness of one individual less that of another.

    Attributes:
        points: In hundredths.
        error: Its standard error, in hundredths; `None` where each was
            trained once.
    """

    points: float
    error: float | None

    @property
    def is_clear(self) -> bool:
        """Whether it is more than twice its standard error."""
        return self.error is not None and abs(self.points) > (
            _CLEAR * self.error
        )

    def in_words(self) -> str:
        """Returns for example `+1.2 +- 0.4 points`."""
        error = (
            ""
            if self.error is None
            else f" \N{PLUS-MINUS SIGN} {self.error:.2f}"
        )
        return f"{self.points:+.2f}{error} points"


def noise_of(individuals: Sequence[Individual]) -> float | None:
    """Returns the standard deviation of one training's accuracy.

    It is pooled over all individuals that were trained several times; `None`
    without any.
    """
    trained = [
        (one.fitness_std, one.num_repeats - 1)
        for one in individuals
        if one.state is State.FINISHED
        and one.equal_to is None
        and one.fitness_std is not None
        and one.num_repeats
    ]
    freedom = sum(degrees for _, degrees in trained)
    if not freedom:
        return None
    return sqrt(sum(std**2 * degrees for std, degrees in trained) / freedom)


def difference(
    one: Individual, other: Individual, noise: float | None
) -> Difference:
    """Returns how much fitter one individual is; both have a fitness.

    Args:
        one: The first.
        other: Whose fitness is subtracted.
        noise: Of `noise_of`.
    """
    points = 100 * ((one.fitness or 0.0) - (other.fitness or 0.0))
    if noise is None:
        return Difference(points, None)
    trainings = [1 / (each.num_repeats or 1) for each in (one, other)]
    return Difference(points, 100 * noise * sqrt(sum(trainings)))


def _can_be_compared(one: Individual, other: Individual) -> bool:
    """Returns whether both have a fitness, of equally long trainings."""
    return one.fitness is not None and one.share == other.share


def family(
    number: int, individuals: Mapping[int, Individual]
) -> list[Individual]:
    """Returns an individual and its ancestors, the first of them first."""
    found = [individuals[number]]
    while parent := individuals.get(found[-1].parent or 0):
        found.append(parent)
    return found[::-1]


def findings(individuals: Sequence[Individual]) -> dict[str, Any]:
    """Returns the winner, the noise, and sentences on how it came to win."""
    winner = _fittest(individuals)
    noise = noise_of(individuals)
    if winner is None:
        return {"winner": None, "noise": None, "sentences": []}
    return {
        "winner": winner.number,
        "noise": noise,
        "sentences": [
            *_beyond_chance(winner, individuals, noise),
            *_by_steps(winner, individuals, noise),
        ],
    }


def _fittest(individuals: Iterable[Individual]) -> Individual | None:
    """Returns the fittest that has a fitness, of equal ones the oldest."""
    return max(
        (one for one in individuals if one.fitness is not None),
        key=lambda one: (one.rank, -one.number),
        default=None,
    )


def _beyond_chance(
    winner: Individual, individuals: Sequence[Individual], noise: float | None
) -> Iterator[str]:
    first = [
        one
        for one in individuals
        if one.parent is None
        and not one.is_given
        and one.state is State.FINISHED
    ]
    best = _fittest(first)
    if best is not None and winner.parent is not None:
        lead = difference(winner, best, noise)
        middle = median(one.fitness or 0.0 for one in first)
        above = 100 * ((winner.fitness or 0.0) - middle)
        yield (
            f"It is {lead.in_words()} ahead of the best of the "
            f"{_networks(len(first))} that the search began with"
            f"{_judged(lead)}, and {above:+.2f} points against their median."
        )
    if noise is None:
        yield (
            "Every network was trained once, so nothing here tells how much "
            "of a difference is chance: --num_repeats does."
        )
        return
    yield (
        f"One training's accuracy varies by {100 * noise:.2f} points (standard "
        "deviation, pooled over all that were trained several times)"
        f"{_beside(first)}. The winner is the best of "
        f"{sum(one.fitness is not None for one in individuals)}, so luck has "
        "helped it: expect a little less when it is trained anew."
    )


def _networks(number: int) -> str:
    return f"{number} random network{'s' if number != 1 else ''}"


def _judged(lead: Difference) -> str:
    if lead.error is None:
        return ""
    return ", more than chance" if lead.is_clear else ", which may be chance"


def _beside(first: Sequence[Individual]) -> str:
    values = [one.fitness for one in first if one.fitness is not None]
    if len(values) < 2:
        return ""
    return f"; random networks differ by {100 * stdev(values):.2f}"


def _by_steps(
    winner: Individual, individuals: Sequence[Individual], noise: float | None
) -> Iterator[str]:
    steps = family(winner.number, {one.number: one for one in individuals})
    if len(steps) == 1:
        yield "It is one of the first: no mutation has led to it."
        return
    changes = [
        (child, difference(child, parent, noise))
        for parent, child in zip(steps, steps[1:], strict=False)
        if _can_be_compared(child, parent)
    ]
    num_neutral = sum(
        child.digest == parent.digest != ""
        for parent, child in zip(steps, steps[1:], strict=False)
    )
    neutral = f", {num_neutral} of which left the network as it was,"
    together = _together(winner, steps[0], noise)
    yield (
        f"{len(steps) - 1} mutations{neutral if num_neutral else ''} led to it "
        f"from individual {steps[0].number}{together}."
    )
    clear = [(c, d) for c, d in changes if d.is_clear and d.points > 0]
    if clear:
        named = "; ".join(f"{c.number}: {d.in_words()}" for c, d in clear)
        yield f"More than chance was gained by individual {named}."
    elif noise is not None:
        yield "No single one of them gained more than chance may."


def _together(
    winner: Individual, first: Individual, noise: float | None
) -> str:
    if not _can_be_compared(winner, first):
        return ""
    return f", together {difference(winner, first, noise).in_words()}"
