"""What came out beside what the paper reports: its Table 1, CIFAR-10."""

import math
from typing import NamedTuple

from benchmarks.candidates.markdown import table as markdown_table
from benchmarks.quality.budget import Budget
from benchmarks.quality.comparisons import Side, compared, in_cells
from benchmarks.quality.experiment import Found, Search
from benchmarks.quality.rows import PLAIN
from benchmarks.quality.statistics import CONFIDENCE


class _Error(NamedTuple):
    """A test error of the paper, %, as recalled and not looked up.

    Attributes:
        row: Of ours that is like it.
        mean: Of five trainings of what one search found.
        deviation: Over these.
        number: Of the networks of that search.
    """

    row: str
    mean: float
    deviation: float
    number: int


_FLAT_ONE = _Error("flat, random architecture", 4.56, 0.11, 1)
_FLAT_FEW = _Error("flat, random search", 4.02, 0.11, 200)
_FLAT_BEST = _Error("flat, evolution", 3.92, 0.06, 7_000)
_ONE = _Error("hierarchical, random architecture", 4.21, 0.19, 1)
_FEW = _Error("hierarchical, random search", 4.04, 0.20, 200)
_MANY = _Error("hierarchical, random search", 3.91, 0.15, 7_000)
_BEST = _Error(PLAIN, 3.75, 0.12, 7_000)
_NUM_TRAININGS = 5

_PAIRS = (
    (_FLAT_FEW, _FLAT_ONE),
    (_FLAT_BEST, _FLAT_FEW),
    (_MANY, _ONE),
    (_BEST, _MANY),
    (_ONE, _FLAT_ONE),
    (_FEW, _FLAT_FEW),
    (_BEST, _FLAT_BEST),
)

_CARE = """
The paper's errors on CIFAR-10, in %, are recalled, not looked up. Every one is
of one search, in brackets of how many networks, and of five trainings of what
it found; each of its candidates saw 40,000 pictures in four trainings of 5,000
steps, and the winner was trained anew for 80,000, wider and deeper. Here a
search has {candidates} networks, {pictures} pictures and {steps} steps, and the
winner is trained no longer than that. "As there": our interval excludes 0 on
the paper's side of it. "None there": the paper's difference is within its
standard error.
"""


def of_orders(found: dict[Search, Found], budget: Budget) -> str:
    """Says which of the paper's orders hold here too."""
    rows = []
    for first, second in _PAIRS:
        its = compared(found, Side(first.row), Side(second.row))
        if its is None:
            continue
        *cells, _ = in_cells(its)
        there = f"{first.mean - second.mean:+.2f}"
        words = [first.row, second.row, _words(first), _words(second), there]
        rows.append([*words, *cells, _order(first, second, its.sign)])
    header = [
        *("first", "second", "the first in the paper", "the second"),
        *("first - second", "pairs here", "the same winner"),
        *(f"first - second here ({CONFIDENCE:.0%} interval)", "order"),
    ]
    care = _CARE.format(
        candidates=budget.num_individuals,
        pictures=budget.num_training,
        steps=budget.num_steps,
    )
    return markdown_table(header, rows) + care


def _order(first: _Error, second: _Error, here: int) -> str:
    """Says how the order here compares with the paper's, if it has one."""
    there = first.mean - second.mean
    error = math.hypot(first.deviation, second.deviation)
    if abs(there) < error / math.sqrt(_NUM_TRAININGS):
        return "none there"
    orders = {0: "open", -1: "as there", 1: "the other way"}
    return orders[here if there < 0 else -here]


def _words(error: _Error) -> str:
    return f"{error.mean:.2f} ± {error.deviation:.2f} ({error.number:,})"
