"""What came out, as a page of Markdown."""

from datetime import UTC, datetime
from statistics import fmean, stdev

from benchmarks.candidates.markdown import NOTHING
from benchmarks.candidates.markdown import table as markdown_table
from benchmarks.quality import analysis, comparisons, findings, paper
from benchmarks.quality.comparisons import Side
from benchmarks.quality.experiment import Experiment, Found
from benchmarks.quality.goals import of_goals
from benchmarks.quality.picture import PICTURE_NAME
from benchmarks.quality.rows import FEW, ROWS
from benchmarks.quality.savings import of_savings
from benchmarks.quality.setting import RESULTS_NAME
from benchmarks.quality.table import TABLE_NAME

_INTRODUCTION = """\
# What a search finds, and what it may save

`python -m benchmarks.search_quality`, {date}, {machine}; {versions}.

The paper's Table 1 at the size of this machine, on the built-in digits:
{budget.num_training} to train on, {budget.num_validation} for the fitness,
{budget.num_test} that no search sees. A network of two groups of one cell,
{budget.num_channels} channels, at most {budget.max_parameters:,} parameters, is
trained for {budget.num_steps} steps of {budget.batch_size} digits, randomly
shifted, at a learning rate of {budget.learning_rate:g}, so few and so low that
networks differ. It is trained {budget.num_repeats} times; fitness is the mean.
Every search may train {total:,} steps, those of {budget.num_individuals}
networks fully trained. The winner is trained {budget.num_tests} times anew, no
longer than in the search; its error is the mean of those on the test digits.

- **random architecture**: the first genotype of the random search of that seed,
  nothing else.
- **random search**: the fittest of {budget.num_individuals}.
- **evolution**: the first {budget.initial_population} are random, all others
  children of tournaments of {budget.tournament_fraction:.0%} of the population
  (the paper's 5 % of so few were always two). Equal networks have equal
  accuracies, since all searches look them up in one table of trainings: where
  the paper trains a copy again, and draws its luck again, this one has the
  same.
- **aging**: likewise, but only the newest {budget.population_size} can become
  parents.
- **reuse**: an equal network takes the fitness that is known, and its steps go
  to others.
- **all savings**: reuse; early stop, which at {rungs} of the first training
  lets those go on that are in the better half of those that came so far; and
  adaptive repeats, which train the next time only who might still be chosen by
  a tournament.

Steps are counted as if trained. Minutes are the processor's, for a search's own
trainings, whoever asked for them first; proposals and the winner's tests are
not in them. Every search passed the verification of its archive.

![Error of the best so far against trained steps, on the validation digits\
]({picture})
"""

_ERRORS = """
Errors in %, their standard deviations in points. That over searches is one of
different networks; that over trainings of one winner is what the paper's ± is,
as far as we know. Validation: 100 less the winner's fitness, by which it was
chosen, so that luck is part of it.
"""

_AGAIN = """\
`make benchmark NAME=search_quality`; with `ARGUMENTS=--page` only this page.
Trainings are in `{table}`, searches in `{results}`. Another budget, machine,
version or code of trainings (`{training}`) needs another folder (`--out`);
other code of searches (`{search}`) searches again on these trainings.
"""


def as_markdown(experiment: Experiment) -> str:
    """Returns the page of all searches that have ended."""
    found = experiment.found()
    sections = {
        "Errors of the winners": _errors(experiment),
        "Beside the paper": paper.of_orders(found, experiment.budget),
        "Differences, pair by pair": (
            comparisons.of_pairs(found, experiment.budget)
        ),
        "Fitness and its noise": findings.of_noise(experiment),
        "What is saved": of_savings(experiment),
        "Goals": of_goals(experiment),
        "What it took": findings.of_time(experiment),
        "Again": _again(experiment),
    }
    return "\n".join(
        [
            _introduction(experiment),
            *(f"## {title}\n\n{text}" for title, text in sections.items()),
        ]
    )


def _introduction(experiment: Experiment) -> str:
    ends = [its["ended"] for its in experiment.found().values()]
    trainings = experiment.setting.trainings
    return _INTRODUCTION.format(
        date=datetime.fromtimestamp(max(ends, default=0), UTC).date(),
        machine=trainings["machine"],
        versions=", ".join(
            f"{name} {number}"
            for name, number in sorted(trainings["versions"].items())
        ),
        budget=experiment.budget,
        total=experiment.budget.total_steps,
        rungs=" and ".join(f"{share:g}" for share in experiment.budget.rungs),
        picture=PICTURE_NAME,
    )


def _errors(experiment: Experiment) -> str:
    found = experiment.found()
    sides = [Side(name, f) for name, row in ROWS.items() for f in row.fractions]
    rows = []
    for side in sides:
        results = comparisons.results_of(found, side)
        if len(results) >= 2:
            its = _row(experiment, results)
            minutes = findings.minutes_of(experiment, side) or 0.0
            rows.append([str(side), *its, f"{minutes:.1f}"])
    header = [
        *("", "searches", "test error, mean", "deviation over searches"),
        *("least to most", f"mean of seeds 1 to {max(FEW)}"),
        *("deviation over trainings of a winner", "validation error"),
        *("parameters of the winner", "minutes of one core"),
    ]
    return markdown_table(header, rows) + _ERRORS


def _row(experiment: Experiment, results: dict[int, Found]) -> list[str]:
    """Returns what there is to say of the winners, by seed."""
    errors = {seed: its["test_error"] for seed, its in results.items()}
    few = [error for seed, error in errors.items() if seed in FEW]
    noise = analysis.noise_of_tests(
        experiment.table,
        (its["digest"] for its in results.values()),
        experiment.budget,
    )
    chosen_by = 100 * (1 - fmean(its["fitness"] for its in results.values()))
    parameters = fmean(its["parameters"] for its in results.values())
    return [
        str(len(errors)),
        f"{fmean(errors.values()):.2f}",
        f"{stdev(errors.values()):.2f}",
        f"{min(errors.values()):.1f} to {max(errors.values()):.1f}",
        f"{fmean(few):.2f}" if len(few) == len(FEW) else NOTHING,
        f"{100 * noise:.2f}",
        f"{chosen_by:.2f}",
        f"{parameters:,.0f}",
    ]


def _again(experiment: Experiment) -> str:
    setting = experiment.setting
    return _AGAIN.format(
        table=TABLE_NAME,
        results=RESULTS_NAME,
        training=setting.trainings["training_code"],
        search=setting.search_code,
    )
