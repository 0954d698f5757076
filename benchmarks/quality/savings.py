"""What reuse, early stop and adaptive repeats save."""

from collections import Counter
from collections.abc import Iterator
from math import isfinite
from statistics import fmean, median

from benchmarks.candidates.markdown import table as markdown_table
from benchmarks.quality import analysis
from benchmarks.quality.budget import Budget
from benchmarks.quality.experiment import Experiment, Found, Search
from benchmarks.quality.replay import replay
from benchmarks.quality.rows import PLAIN, REUSE, ROWS, SAVING
from benchmarks.quality.statistics import CONFIDENCE, rate_below

_RULES = {
    "reuse": {"reuse": True},
    "early stop": {"early_stop": True},
    "adaptive repeats": {"adaptive_repeats": True},
    "early stop and adaptive repeats": {
        "early_stop": True,
        "adaptive_repeats": True,
    },
    "all three": {
        "reuse": True,
        "early_stop": True,
        "adaptive_repeats": True,
    },
}

_REPLAYED = f"""
The rules applied afterwards to searches by evolution and aging that trained
everyone fully, of both spaces: their parents would have been others, so that
the rows of savings, not these, say what a real search does. In brackets what
the rate may be, a one-sided {CONFIDENCE:.0%} bound, as if no two searches had
begun alike. "Lost": fitness of the winner less that of who would have won.
"""

_REACHED = """
Fitness contains its noise, and who has more candidates has more luck; errors on
the test digits are in the first table.
"""


def of_savings(experiment: Experiment) -> str:
    """Says what each saves afterwards, and what searches with them do."""
    found, budget = experiment.found(), experiment.budget
    lines = []
    for name in (REUSE, SAVING):
        if searches := _of_row(found, name):
            lines.append(_of_reuse(name, searches, budget))
            lines += _of_equals(name, found, budget)
    if searches := _of_row(found, SAVING):
        lines.append(_of_repeats(searches))
    said = "".join(f"- {line}\n" for line in lines)
    return _replayed(experiment) + "\n" + said + _REACHED


def _of_row(found: dict[Search, Found], row: str) -> list[Found]:
    return [its for search, its in found.items() if search.row == row]


def _replayed(experiment: Experiment) -> str:
    searches = {
        search: its
        for search, its in experiment.found().items()
        if not (row := ROWS[search.row]).savings and row.algorithm != "random"
    }
    rows = []
    for name, savings in _RULES.items():
        if not searches:
            break
        its = replay(experiment.table, searches, experiment.budget, **savings)
        rows.append(
            [
                name,
                f"{its.saved:.0%}",
                _rate(its.num_winners_stopped, its.number),
                _rate(its.num_others_won, its.number),
                f"{100 * its.lost:.2f}",
            ]
        )
    header = [
        *("searches without savings, replayed", "steps saved"),
        *("winner stopped or cut short", "another won", "lost, points"),
    ]
    return markdown_table(header, rows) + _REPLAYED


def _rate(number: int, total: int) -> str:
    return f"{number} of {total} (at most {rate_below(number, total):.0%})"


def _of_reuse(name: str, searches: list[Found], budget: Budget) -> str:
    reused = [
        fmean(equal_to is not None for _, equal_to, *_ in its["history"])
        for its in searches
    ]
    number = median(len(its["history"]) for its in searches)
    num_spent = sum(its["num_steps"] > budget.total_steps for its in searches)
    return (
        f"{name}: of all its individuals {fmean(reused):.0%} "
        f"({min(reused):.0%} to {max(reused):.0%}) took the fitness of an "
        f"equal one; {number:.0f} individuals (median) for the steps of "
        f"{budget.num_individuals}, which {num_spent} of {len(searches)} "
        "searches spent."
    )


def _of_equals(
    name: str, found: dict[Search, Found], budget: Budget
) -> Iterator[str]:
    """Says when a row has come as far as no savings, seed by seed."""
    pairs = [
        analysis.steps_to_equal(its, found[Search(PLAIN, search.seed)])
        for search, its in found.items()
        if search.row == name and Search(PLAIN, search.seed) in found
    ]
    if not pairs:
        return
    total = budget.total_steps
    shares = [
        f"{ours / total:.2f} instead of {plain / total:.2f}"
        if isfinite(ours)
        else f"never instead of {plain / total:.2f}"
        for ours, plain in pairs
    ]
    ratio = median(ours / plain for ours, plain in pairs)
    said = f"{1 - ratio:.0%}" if ratio < 1 else "nothing"
    yield (
        f"{name}: it has a candidate with the fitness of the winner without "
        "savings after these shares of the steps, seed by seed: "
        f"{', '.join(shares)}; at that quality it saves {said} (median)."
    )


def _of_repeats(searches: list[Found]) -> str:
    """Says how many of all savings were trained how often."""
    trained = [
        (share, num_repeats)
        for its in searches
        for _, equal_to, share, num_repeats in its["history"]
        if equal_to is None
    ]
    repeats = Counter(number for share, number in trained if share == 1)
    times = ", ".join(
        f"{'once' if repeat == 1 else f'{repeat} times'} {number}"
        for repeat, number in sorted(repeats.items())
    )
    num_stopped = len(trained) - repeats.total()
    return (
        f"{SAVING}: of {len(trained)} networks {num_stopped} were stopped "
        f"early; of the others were trained: {times}."
    )
