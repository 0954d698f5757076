"""What came out besides errors: noise, and what is saved."""

from collections import Counter
from collections.abc import Iterator
from statistics import fmean

from benchmarks.candidates.markdown import table as markdown_table
from benchmarks.quality import analysis
from benchmarks.quality.comparisons import verdict
from benchmarks.quality.experiment import Experiment, Found, Search
from benchmarks.quality.rows import PLAIN, REUSE, ROWS, SAVING

LEAST_SPREAD = 3.0
"""Of the fitnesses of random networks, over its noise."""

_SPACES = ("flat", "hierarchical")
_RULES = {
    "early stop": {"early_stop": True},
    "adaptive repeats": {"adaptive_repeats": True},
    "both": {"early_stop": True, "adaptive_repeats": True},
}


def spreads(experiment: Experiment) -> dict[str, analysis.Spread]:
    """Returns how random candidates of each space differ, as far as known."""
    found = {}
    for space in _SPACES:
        digests = _digests(experiment, space, algorithm="random")
        if len(digests) >= 2:
            found[space] = analysis.spread_of_random(
                experiment.table, digests, experiment.budget
            )
    return found


def of_spread(experiment: Experiment) -> str:
    """Says whether random candidates differ enough."""
    return "\n".join(
        f"- Fitness of random {space} networks spreads at least "
        f"{LEAST_SPREAD:g} times its noise: "
        f"{verdict(its.ratio >= LEAST_SPREAD)}, {its.ratio:.1f}."
        for space, its in spreads(experiment).items()
    )


def of_noise(experiment: Experiment) -> str:
    """Says how far random candidates differ beyond their noise."""
    lines = [
        f"- {space}, {spread.number} random networks: standard deviation of "
        f"fitness {100 * spread.of_fitness:.2f} points, of its noise "
        f"{100 * spread.of_noise:.2f}: {spread.ratio:.1f} times. Without the "
        f"noise that it contains it is {100 * spread.without_noise:.2f}."
        for space, spread in spreads(experiment).items()
    ]
    return "\n".join([*lines, *_correlations(experiment)]) + "\n"


def _correlations(experiment: Experiment) -> Iterator[str]:
    for space in _SPACES:
        digests = _digests(experiment, space)
        if len(digests) < 2:
            continue
        its = analysis.correlations(
            experiment.table, digests, experiment.budget
        )
        values = ", ".join(f"{v:.2f} at {share:g}" for share, v in its.items())
        yield (
            f"- {space}, {len(digests)} networks of searches without savings: "
            "rank correlation of the accuracy of the first repeat with the "
            f"mean of the later ones, by share of the training: {values}."
        )


def _digests(
    experiment: Experiment, space: str, *, algorithm: str | None = None
) -> set[str]:
    """Returns the networks of searches that trained all of them fully."""
    return {
        digest
        for search, its in experiment.found().items()
        if (row := ROWS[search.row]).representation == space
        and not row.savings
        and algorithm in (None, row.algorithm)
        for digest, *_ in its["history"]
    }


def of_savings(experiment: Experiment) -> str:
    """Says what every saving would have saved on the plain searches."""
    found = experiment.found()
    lines = [_replayed(experiment, _of_row(found, PLAIN))]
    for name in (REUSE, SAVING):
        if searches := _of_row(found, name):
            lines.append(_of_reuse(experiment, name, searches))
    if searches := _of_row(found, SAVING):
        lines.append(_of_repeats(searches))
        lines += _of_equals(found, experiment.budget.total_steps)
    return "\n".join(lines) + "\n"


def _of_row(found: dict[Search, Found], row: str) -> list[Found]:
    return [its for search, its in found.items() if search.row == row]


def _replayed(experiment: Experiment, plain: list[Found]) -> str:
    rows = []
    for name, savings in _RULES.items() if plain else ():
        its = analysis.replay(
            experiment.table, plain, experiment.budget, **savings
        )
        rows.append(
            [
                name,
                f"{its.saved:.0%}",
                f"{its.num_winners_stopped} of {its.number}",
                f"{its.num_others_won} of {its.number}",
            ]
        )
    return markdown_table(
        [
            *("on plain searches", "steps saved"),
            *("winner stopped or cut short", "another won"),
        ],
        rows,
    )


def _of_reuse(experiment: Experiment, name: str, searches: list[Found]) -> str:
    budget = experiment.budget
    reused = fmean(
        fmean(equal_to is not None for _, equal_to, *_ in its["history"])
        for its in searches
    )
    number = fmean(len(its["history"]) for its in searches)
    num_spent = sum(its["num_steps"] > budget.total_steps for its in searches)
    return (
        f"- {name}: {reused:.0%} of the individuals took the fitness of an "
        f"equal one; {number:.0f} individuals for the steps of "
        f"{budget.num_individuals}, which {num_spent} of {len(searches)} "
        "searches spent."
    )


def _of_equals(found: dict[Search, Found], total: int) -> Iterator[str]:
    """Says when all savings have come as far as none, seed by seed."""
    reached = [
        analysis.steps_to_equal(its, found[Search(PLAIN, search.seed)])
        for search, its in found.items()
        if search.row == SAVING and Search(PLAIN, search.seed) in found
    ]
    shares = sorted(steps / total for steps in reached if steps is not None)
    if reached:
        yield (
            f"- {SAVING}: in {len(shares)} of {len(reached)} seeds some "
            "candidate has at least the fitness of the winner without savings, "
            "for the first time after these shares of the steps: "
            f"{', '.join(f'{share:.2f}' for share in shares) or 'none'}."
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
        f"{number} {'once' if repeat == 1 else f'{repeat} times'}"
        for repeat, number in sorted(repeats.items())
    )
    num_stopped = len(trained) - repeats.total()
    return (
        f"- {SAVING}: of {len(trained)} networks {num_stopped} were stopped "
        f"early; of the others were trained {times}."
    )
