"""How the errors of two rows differ, seed by seed."""

from typing import NamedTuple

from benchmarks.candidates.markdown import NOTHING
from benchmarks.candidates.markdown import table as markdown_table
from benchmarks.quality.budget import Budget
from benchmarks.quality.experiment import Found, Search
from benchmarks.quality.rows import FRACTIONS, PLAIN, REUSE, ROWS, SAVING
from benchmarks.quality.statistics import CONFIDENCE, Interval, paired


class Side(NamedTuple):
    """One of the two that are compared.

    Attributes:
        row: By its name.
        fraction: Of the steps, after which its winner is taken.
    """

    row: str
    fraction: float = 1.0

    def __str__(self) -> str:
        if self.fraction == 1:
            return self.row
        return f"{self.row} after {self.fraction:.2f} of the steps"


_THIRD, _FIFTH = FRACTIONS[1:]
_ALL = Side(PLAIN)
_PAIRS = (
    (Side("hierarchical, aging"), _ALL),
    (Side(REUSE), _ALL),
    (Side(SAVING), _ALL),
    (Side(SAVING, _THIRD), _ALL),
    (Side(SAVING, _FIFTH), _ALL),
    # What fewer steps cost those who save nothing, and what savings gain.
    (Side(PLAIN, _THIRD), _ALL),
    (Side(PLAIN, _FIFTH), _ALL),
    (Side(SAVING, _THIRD), Side(PLAIN, _THIRD)),
    (Side(SAVING, _FIFTH), Side(PLAIN, _FIFTH)),
)

_HEADER = [
    *("first", "second", "pairs", "of these the same winner"),
    f"first - second, points ({CONFIDENCE:.0%} interval)",
    "beats the other",
]

_CARE = """
Negative: the first errs less. One beats the other where the interval excludes
0; where no row differed, one in ten would by chance, here as in the table
above. Where both found the same network the difference is 0: they share its
trainings. Intervals are over searches and trainings; the digits are split once,
and half a point is {half:.0f} of the test digits. Searches of one seed go the
same way for a while: the first {random} networks of all hierarchical ones are
the same, and after a fifth of the steps those without savings have trained no
others; aging differs only when more than {living} have been trained.
"""


class Compared(NamedTuple):
    """How the errors of two sides differ.

    Attributes:
        number: Of the seeds that both have.
        planned: Of those that both will have.
        num_same: Of the seeds of which both have the same winner.
        interval: Of the difference, percentage points.
    """

    number: int
    planned: int
    num_same: int
    interval: Interval

    @property
    def sign(self) -> int:
        """Returns whether the first errs less (-1), more, or neither (0)."""
        _, low, high, _ = self.interval
        return (low > 0) - (high < 0)


def results_of(found: dict[Search, Found], side: Side) -> dict[int, Found]:
    """Returns the winners of a side, by seed."""
    place = ROWS[side.row].fractions.index(side.fraction)
    return {
        search.seed: its["winners"][place]
        for search, its in found.items()
        if search.row == side.row
    }


def compared(
    found: dict[Search, Found], ours: Side, theirs: Side
) -> Compared | None:
    """Returns how two sides differ; `None` before they share two seeds."""
    first, second = results_of(found, ours), results_of(found, theirs)
    seeds = sorted(first.keys() & second.keys())
    if len(seeds) < 2:
        return None
    planned = {*ROWS[ours.row].seeds} & {*ROWS[theirs.row].seeds}
    errors = [
        [side[seed]["test_error"] for seed in seeds] for side in (first, second)
    ]
    same = sum(first[s]["digest"] == second[s]["digest"] for s in seeds)
    return Compared(len(seeds), len(planned), same, paired(*errors))


def of_pairs(found: dict[Search, Found], budget: Budget) -> str:
    """Says how sides differ within our own rows."""
    rows = []
    for ours, theirs in _PAIRS:
        its = compared(found, ours, theirs)
        if its is not None:
            rows.append([str(ours), str(theirs), *in_cells(its)])
    care = _CARE.format(
        half=budget.num_test * 0.005,
        random=budget.initial_population,
        living=budget.population_size,
    )
    return markdown_table(_HEADER, rows) + care


def in_cells(its: Compared) -> list[str]:
    """Returns pairs, those of one winner, the difference, and who beats."""
    number = f"{its.number} of {its.planned}"
    beats = {-1: "the first", 0: NOTHING, 1: "the second"}[its.sign]
    return [number, str(its.num_same), in_words(its.interval), beats]


def in_words(interval: Interval) -> str:
    """Returns a difference and what it lies between."""
    mean, low, high, _ = map(points, interval)
    return f"{mean} ({low} to {high})"


def points(value: float) -> str:
    """Returns a difference with its sign, none if it is 0 as written."""
    text = f"{value:+.2f}"
    return "0.00" if float(text) == 0 else text
