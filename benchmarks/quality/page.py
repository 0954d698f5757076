"""What came out, as a page of Markdown."""

from datetime import UTC, datetime
from statistics import fmean, stdev

from benchmarks.candidates.markdown import NOTHING
from benchmarks.candidates.markdown import table as markdown_table
from benchmarks.quality import analysis, comparisons, findings
from benchmarks.quality.comparisons import Side
from benchmarks.quality.experiment import Experiment, Found, Search
from benchmarks.quality.picture import PICTURE_NAME
from benchmarks.quality.rows import FEW, ROWS

_INTRODUCTION = """\
# What a search finds, and what it may save

`python -m benchmarks.search_quality`, {date}, {machine}; {versions}.

The paper's Table 1 at the size of this machine, on the built-in digits:
{budget.num_training} to train on, {budget.num_validation} for the fitness,
{budget.num_test} that no search sees. A network of two groups of one cell,
{budget.num_channels} channels, at most {budget.max_parameters:,} parameters, is
trained for {budget.num_steps} steps of {budget.batch_size} digits at a
learning rate of {budget.learning_rate:g}, {budget.num_repeats} times; fitness
is the mean. Every search may train {total:,} steps, those of
{budget.num_individuals} full candidates, of which the first
{budget.initial_population} are random; in aging {budget.population_size} live
at a time. Early stop looks at {rungs} of the first training and lets the better
half go on; adaptive repeats give up at most 5 % of those that a tournament
would see, at each repeat. A tournament takes {budget.tournament_fraction:.0%}
of the population, not the paper's 5 %, which of so few were always two. The
winner is trained {budget.num_tests} times anew; the error is that of those on
the test digits. All searches look accuracies up in one table of trainings,
which they extend, so that equal networks have equal accuracies everywhere;
steps are counted as if trained. Minutes are the processor's, of a search's own
trainings, whoever asked for them first.

![Fitness of the best so far against trained steps]({picture})
"""


def as_markdown(experiment: Experiment) -> str:
    """Returns the page of all searches that have ended."""
    found = experiment.found()
    sections = {
        "Test error of the winners, %": _errors(experiment),
        "Differences in error, pair by pair, percentage points": (
            comparisons.of_pairs(found)
        ),
        "Fitness and its noise": findings.of_noise(experiment),
        "What is saved": findings.of_savings(experiment),
        "What it took": _time(found),
        "Goals": "\n".join(
            [
                findings.of_spread(experiment),
                comparisons.of_goals(
                    found, experiment.budget.initial_population
                ),
            ]
        ),
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
            rows.append([str(side), *its, _minutes(experiment, side)])
    header = [
        *("", "searches", "mean", "std over searches", "mean, seeds 1 to 5"),
        *("std of one training", "parameters of the winner"),
    ]
    return markdown_table([*header, "minutes of one core"], rows)


def _row(experiment: Experiment, results: dict[int, Found]) -> list[str]:
    """Returns what there is to say of the winners, by seed."""
    errors = {seed: its["test_error"] for seed, its in results.items()}
    few = [error for seed, error in errors.items() if seed in FEW]
    noise = analysis.noise_of_tests(
        experiment.table,
        (its["digest"] for its in results.values()),
        experiment.budget,
    )
    parameters = fmean(its["parameters"] for its in results.values())
    return [
        str(len(errors)),
        f"{fmean(errors.values()):.2f}",
        f"{stdev(errors.values()):.2f}",
        f"{fmean(few):.2f}" if len(few) == len(FEW) else NOTHING,
        f"{100 * noise:.2f}",
        f"{parameters:,.0f}",
    ]


def _minutes(experiment: Experiment, side: Side) -> str:
    """Returns what the trainings of a search take, on the mean."""
    seconds = [
        analysis.seconds_of(
            experiment.table, its, experiment.budget, fraction=side.fraction
        )
        for search, its in experiment.found().items()
        if search.row == side.row
    ]
    return f"{fmean(seconds) / 60:.1f}"


def _time(found: dict[Search, Found]) -> str:
    """Says how long all of it ran, interruptions left out."""
    spans = [(its["began"], its["ended"]) for its in found.values()]
    seconds = sum(end - begin for begin, end in spans)
    return (
        f"- {len(found)} searches ran {seconds / 3600:.2f} hours of processes, "
        f"tests of winners included, in {covered(spans) / 3600:.2f} hours of "
        "wall time.\n"
    )


def covered(spans: list[tuple[float, float]]) -> float:
    """Returns how much time lies within at least one of some spans."""
    total, up_to = 0.0, 0.0
    for begin, end in sorted(spans):
        total += max(0.0, end - max(begin, up_to))
        up_to = max(up_to, end)
    return total
