"""What came out besides errors: noise, and what is saved."""

from statistics import fmean

from benchmarks.candidates.markdown import table as markdown_table
from benchmarks.quality import analysis
from benchmarks.quality.budget import Budget
from benchmarks.quality.experiment import Experiment
from benchmarks.quality.rows import PLAIN, REUSE, ROWS, SAVING

LEAST_SPREAD = 3.0
"""Of the fitnesses of random networks, over its noise."""


def spreads(
    experiment: Experiment, budget: Budget
) -> dict[str, analysis.Spread]:
    """Returns how random candidates of each space differ, as far as known."""
    found = {}
    for representation in ("flat", "hierarchical"):
        digests = [
            digest
            for search, its in experiment.found().items()
            if ROWS[search.row].representation == representation
            and ROWS[search.row].algorithm == "random"
            for digest, *_ in its["history"]
        ]
        if len(digests) >= 2:
            found[representation] = analysis.spread_of_random(
                experiment.table, digests, budget
            )
    return found


def of_noise(experiment: Experiment, budget: Budget) -> str:
    """Says how far random candidates differ beyond their noise."""
    lines, found = [], experiment.found()
    for representation, spread in spreads(experiment, budget).items():
        lines.append(
            f"- {representation}, {spread.number} random networks: standard "
            f"deviation of fitness {100 * spread.of_fitness:.2f} points, of "
            f"its noise {100 * spread.of_noise:.2f}: "
            f"{spread.ratio:.1f} times."
        )
    every = [d for its in found.values() for d, *_ in its["history"]]
    for share, value in analysis.correlations(
        experiment.table, every, budget
    ).items():
        lines.append(
            f"- Rank correlation of the accuracy at {share:g} of the first "
            f"repeat with the fitness: {value:.2f}."
        )
    return "\n".join(lines) + "\n"


def of_savings(experiment: Experiment, budget: Budget) -> str:
    """Says what every saving would have saved on the plain searches."""
    found = experiment.found()
    plain = [its for search, its in found.items() if search.row == PLAIN]
    rows = []
    for name, savings in (
        ("early stop", {"early_stop": True}),
        ("adaptive repeats", {"adaptive_repeats": True}),
        ("both", {"early_stop": True, "adaptive_repeats": True}),
    ):
        if not plain:
            break
        its = analysis.replay(experiment.table, plain, budget, **savings)
        rows.append(
            [
                name,
                f"{its.saved:.0%}",
                f"{its.num_winners_stopped} of {its.number}",
                f"{its.num_others_won} of {its.number}",
            ]
        )
    repeated = markdown_table(
        ["on plain searches", "steps saved", "winner stopped", "another won"],
        rows,
    )
    lines = [repeated]
    for name in (REUSE, SAVING):
        histories = [
            its["history"]
            for search, its in found.items()
            if search.row == name
        ]
        if histories:
            reused = fmean(
                fmean(equal is not None for _, equal, *_ in history)
                for history in histories
            )
            number = fmean(map(len, histories))
            lines.append(
                f"- {name}: {reused:.0%} of the individuals took the fitness "
                f"of an equal one; {number:.0f} individuals for the steps of "
                f"{budget.num_individuals}."
            )
    return "\n".join(lines) + "\n"
