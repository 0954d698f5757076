"""What came out beside what the paper reports: its Table 1, CIFAR-10."""

from benchmarks.candidates.markdown import table as markdown_table
from benchmarks.quality.budget import Budget
from benchmarks.quality.comparisons import Side, compared, in_cells
from benchmarks.quality.experiment import Found, Search
from benchmarks.quality.rows import PLAIN

_ERRORS = {
    "flat, random architecture": 4.56,
    "flat, random search": 4.02,
    "flat, evolution": 3.92,
    "hierarchical, random architecture": 4.21,
    "hierarchical, random search": 3.91,
    PLAIN: 3.75,
}
"""Of the test, %. Random search: flat of 200, hierarchical of 7,000 networks;
evolution: of 7,000."""

_PAIRS = (
    ("flat, random search", "flat, random architecture"),
    ("flat, evolution", "flat, random search"),
    ("hierarchical, random search", "hierarchical, random architecture"),
    (PLAIN, "hierarchical, random search"),
    ("hierarchical, random architecture", "flat, random architecture"),
    ("hierarchical, random search", "flat, random search"),
    (PLAIN, "flat, evolution"),
)

_CARE = """
The paper's differences are those of its Table 1 for CIFAR-10, error in %: flat
{flat}; hierarchical {hierarchical} (random architecture, random search,
evolution). There a search had 200 (flat random search) or 7,000 candidates,
40,000 pictures, 5,000 steps each, and its winner was trained for 80,000 more in
a wider and deeper network, five times; that is one search a row. Here it is
{candidates} candidates, {pictures} pictures, {steps} steps, and the winner is
trained no longer than that. "As there": our interval excludes 0 on the paper's
side of it.
"""


def of_orders(found: dict[Search, Found], budget: Budget) -> str:
    """Says which of the paper's orders hold here too."""
    rows = []
    for ours, theirs in _PAIRS:
        its = compared(found, Side(ours), Side(theirs))
        if its is None:
            continue
        there = _ERRORS[ours] - _ERRORS[theirs]
        number, same, words, beats = in_cells(its)
        order = "open"
        if beats == "the first" or beats == "the second":
            is_same = (beats == "the first") == (there < 0)
            order = "as there" if is_same else "the other way"
        rows.append([ours, theirs, f"{there:+.2f}", number, same, words, order])
    header = [
        *("first", "second", "first - second in the paper", "pairs here"),
        *("the same winner", "first - second here (90% interval)", "order"),
    ]
    care = _CARE.format(
        flat=_of("flat"),
        hierarchical=_of("hierarchical"),
        candidates=budget.num_individuals,
        pictures=budget.num_training,
        steps=budget.num_steps,
    )
    return markdown_table(header, rows) + care


def _of(space: str) -> str:
    return ", ".join(
        f"{error:.2f}"
        for row, error in _ERRORS.items()
        if row.startswith(space)
    )
