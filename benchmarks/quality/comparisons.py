"""How the errors of two rows differ, seed by seed, and what was promised."""

from statistics import fmean
from typing import NamedTuple

from benchmarks.candidates.markdown import table as markdown_table
from benchmarks.quality.experiment import Found, Search
from benchmarks.quality.rows import FRACTIONS, PLAIN, REUSE, ROWS, SAVING
from benchmarks.quality.statistics import CONFIDENCE, Interval, paired

MOST_POINTS = 0.5
"""That savings may cost, by the upper bound of the difference in error."""

LEAST_REUSED = 0.25
"""The share of trainings that reuse alone is to save."""


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
    (Side("flat, evolution"), Side("flat, random search")),
    (_ALL, Side("hierarchical, random search")),
    (
        Side("hierarchical, random search"),
        Side("hierarchical, random architecture"),
    ),
    (_ALL, Side("flat, evolution")),
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


_CARE = f"""
Beyond chance: the interval excludes 0. Of {len(_PAIRS)} intervals, which share
searches, about one would do so if no row differed from another. They are over
searches and trainings; the split of the digits is one and the same.
"""


class Compared(NamedTuple):
    """How the errors of two sides differ.

    Attributes:
        number: Of the seeds that both have.
        planned: Of those that both will have.
        interval: Of the difference, percentage points.
    """

    number: int
    planned: int
    interval: Interval


def results_of(found: dict[Search, Found], side: Side) -> dict[int, Found]:
    """Returns the winners of a side, by seed."""
    place = ROWS[side.row].fractions.index(side.fraction)
    return {
        search.seed: its["winners"][place]
        for search, its in found.items()
        if search.row == side.row
    }


def errors_of(found: dict[Search, Found], side: Side) -> dict[int, float]:
    """Returns the test error of a side's winners, in %, by seed."""
    results = results_of(found, side)
    return {seed: its["test_error"] for seed, its in results.items()}


def compared(
    found: dict[Search, Found], ours: Side, theirs: Side
) -> Compared | None:
    """Returns how two sides differ; `None` before they share two seeds."""
    first, second = errors_of(found, ours), errors_of(found, theirs)
    seeds = sorted(first.keys() & second.keys())
    if len(seeds) < 2:
        return None
    planned = {*ROWS[ours.row].seeds} & {*ROWS[theirs.row].seeds}
    interval = paired([first[s] for s in seeds], [second[s] for s in seeds])
    return Compared(len(seeds), len(planned), interval)


def of_pairs(found: dict[Search, Found]) -> str:
    """Says how sides differ, those of the paper first."""
    rows = []
    for ours, theirs in _PAIRS:
        its = compared(found, ours, theirs)
        if its is not None:
            number = f"{its.number} of {its.planned}"
            words = [_words(its.interval), _apart(its.interval)]
            rows.append([f"{ours} - {theirs}", number, *words])
    interval = f"mean (two-sided {CONFIDENCE:.0%} interval)"
    return (
        markdown_table(["", "pairs", interval, "beyond chance"], rows) + _CARE
    )


def of_goals(found: dict[Search, Found], num_random: int) -> str:
    """Says whether reuse saves enough, and savings cost little.

    Args:
        found: Searches.
        num_random: Individuals before the first mutation.
    """
    lines = [_goal_of_reuse(found, num_random)]
    lines += [_goal_of_savings(found, fraction) for fraction in FRACTIONS[1:]]
    return "\n".join(lines) + "\n"


def reused_fractions(
    found: dict[Search, Found], *, num_others: int = 0
) -> dict[int, float]:
    """Returns the share of trainings that reuse alone saved, by seed.

    Of as many individuals as plain evolution has with the same seed, which are
    the same; those that come after them are what reuse gained.

    Args:
        found: Searches.
        num_others: Of each, individuals at its beginning that do not count.
    """
    number = {
        search.seed: len(its["history"])
        for search, its in found.items()
        if search.row == PLAIN
    }
    return {
        search.seed: fmean(
            equal_to is not None
            for _, equal_to, *_ in its["history"][
                num_others : number[search.seed]
            ]
        )
        for search, its in found.items()
        if search.row == REUSE and search.seed in number
    }


def _goal_of_reuse(found: dict[Search, Found], num_random: int) -> str:
    fractions = reused_fractions(found).values()
    of_children = reused_fractions(found, num_others=num_random).values()
    planned = len(ROWS[REUSE].seeds)
    goal = f"- Reuse alone saves at least {LEAST_REUSED:.0%} of the trainings"
    if len(fractions) < planned:
        return f"{goal}: {len(fractions)} of {planned} seeds so far."
    mean = fmean(fractions)
    return (
        f"{goal}: {verdict(mean >= LEAST_REUSED)}, {mean:.0%} on the mean of "
        f"{planned} seeds; of {fmean(of_children):.0%} of the mutations."
    )


def _goal_of_savings(found: dict[Search, Found], fraction: float) -> str:
    ours = Side(SAVING, fraction)
    goal = (
        f"- {ours} at most {MOST_POINTS} points worse than {_ALL} after all "
        "of them"
    )
    its = compared(found, ours, _ALL)
    if its is None or its.number < its.planned:
        return f"{goal}: {its.number if its else 0} pairs so far."
    _, low, high = its.interval
    said = verdict(high <= MOST_POINTS)
    if low <= MOST_POINTS < high:
        said = "undecided"
    return (
        f"{goal}: {said}, the two-sided {CONFIDENCE:.0%} interval of "
        f"{its.number} pairs is {_words(its.interval)}."
    )


def verdict(is_reached: bool) -> str:
    """Says whether a goal is reached."""
    return "reached" if is_reached else "not reached"


def _apart(interval: Interval) -> str:
    _, low, high = interval
    return "no" if low <= 0 <= high else "yes"


def _words(interval: Interval) -> str:
    mean, low, high = (f"{value:+.2f}" for value in interval)
    return f"{mean} ({low} to {high})"
