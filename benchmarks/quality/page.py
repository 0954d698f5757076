"""What came out, as a page of Markdown."""

from datetime import date
from statistics import fmean, stdev

from benchmarks.candidates import machine
from benchmarks.candidates.markdown import table as markdown_table
from benchmarks.quality import analysis, findings
from benchmarks.quality.budget import Budget
from benchmarks.quality.experiment import Experiment, Found, Search
from benchmarks.quality.picture import PICTURE_NAME
from benchmarks.quality.rows import FRACTIONS, PLAIN, REUSE, ROWS, SAVING
from benchmarks.quality.statistics import CONFIDENCE, Interval, paired

MOST_POINTS = 0.5
"""That savings may cost, by the upper bound of the difference in error."""

_INTRODUCTION = """\
# What a search finds, and what it may save

`python -m benchmarks.search_quality`, {date}, {machine}.

The paper's Table 1 at the size of this machine, on the built-in digits:
{budget.num_training} to train on, {budget.num_validation} for the fitness,
{budget.num_test} that no search sees. A network of two groups of one cell,
{budget.num_channels} channels, at most {budget.max_parameters:,} parameters, is
trained for {budget.num_steps} steps of {budget.batch_size} digits,
{budget.num_repeats} times; fitness is the mean. Every search may train
{total:,} steps ({budget.num_individuals} full candidates), of which the first
{budget.initial_population} are random. Its winner is trained
{budget.num_tests} times anew; the error is that of those on the test digits.
All searches look accuracies up in one table of trainings, which they extend, so
that equal networks have equal accuracies everywhere; steps are counted as if
trained.

![Fitness of the best so far against trained steps]({picture})
"""


def as_markdown(experiment: Experiment, budget: Budget) -> str:
    """Returns the page of all searches that have ended."""
    found = experiment.found()
    sections = {
        "Test error of the winners, %": _errors(experiment),
        "Differences in error, pair by pair, percentage points": _pairs(found),
        "Fitness and its noise": findings.of_noise(experiment, budget),
        "What is saved": findings.of_savings(experiment, budget),
        "Goals": _goals(found),
    }
    introduction = _INTRODUCTION.format(
        date=date.today(),
        machine=machine.describe(),
        budget=budget,
        total=budget.total_steps,
        picture=PICTURE_NAME,
    )
    return "\n".join(
        [
            introduction,
            *(f"## {title}\n\n{text}" for title, text in sections.items()),
        ]
    )


def errors_of(
    found: dict[Search, Found], row: str, *, fraction: float = 1.0
) -> dict[int, float]:
    """Returns the test error of a row's winners, in %, by seed."""
    return {
        search.seed: _result(search, its, fraction)["test_error"]
        for search, its in found.items()
        if search.row == row
    }


def _result(search: Search, its: Found, fraction: float) -> Found:
    """Returns the network that a search comes to after so much of it."""
    if ROWS[search.row].is_single:
        return dict(its["first"])
    return dict(its["winners"][FRACTIONS.index(fraction)])


def _errors(experiment: Experiment) -> str:
    rows, found = [], experiment.found()
    for name in ROWS:
        for fraction in FRACTIONS if name in (PLAIN, SAVING) else (1.0,):
            errors = list(errors_of(found, name, fraction=fraction).values())
            if len(errors) < 2:
                continue
            part = _part(fraction)
            parameters = [
                _result(search, its, fraction)["parameters"]
                for search, its in found.items()
                if search.row == name
            ]
            rows.append(
                [
                    f"{name}{part}",
                    str(len(errors)),
                    f"{fmean(errors):.2f}",
                    f"{stdev(errors):.2f}",
                    f"{fmean(parameters):,.0f}",
                    _minutes(experiment, name) if not part else "",
                ]
            )
    header = ["", "searches", "mean", "std", "parameters of the winner"]
    return markdown_table([*header, "minutes of one core"], rows)


def _minutes(experiment: Experiment, row: str) -> str:
    """Returns what the trainings of a search take, on the mean."""
    seconds = [
        analysis.seconds_of(experiment.table, its)
        for search, its in experiment.found().items()
        if search.row == row
    ]
    return f"{fmean(seconds) / 60:.1f}"


_PAIRS = (
    ("flat, evolution", 1.0, "flat, random search"),
    ("hierarchical, evolution", 1.0, "hierarchical, random search"),
    ("hierarchical, random search", 1.0, "hierarchical, random architecture"),
    ("hierarchical, evolution", 1.0, "flat, evolution"),
    ("hierarchical, aging", 1.0, PLAIN),
    (REUSE, 1.0, PLAIN),
    (SAVING, 1.0, PLAIN),
    (SAVING, FRACTIONS[1], PLAIN),
    (SAVING, FRACTIONS[2], PLAIN),
)


def _pairs(found: dict[Search, Found]) -> str:
    rows = []
    for ours, fraction, theirs in _PAIRS:
        compared = _compared(found, ours, fraction, theirs)
        if compared is not None:
            number, interval = compared
            name = f"{ours}{_part(fraction)} - {theirs}"
            rows.append([name, str(number), _words(interval)])
    header = ["", "pairs", f"mean ({CONFIDENCE:.0%} interval)"]
    return markdown_table(header, rows)


def _compared(
    found: dict[Search, Found], ours: str, fraction: float, theirs: str
) -> tuple[int, Interval] | None:
    """Returns how many seeds two rows share, and how their errors differ."""
    first = errors_of(found, ours, fraction=fraction)
    second = errors_of(found, theirs)
    seeds = sorted(first.keys() & second.keys())
    if len(seeds) < 2:
        return None
    return len(seeds), paired(
        [first[s] for s in seeds], [second[s] for s in seeds]
    )


def _part(fraction: float) -> str:
    return "" if fraction == 1 else f" after {fraction:.2f} of the steps"


def _words(interval: Interval) -> str:
    mean, low, high = (f"{value:+.2f}" for value in interval)
    return f"{mean} ({low} to {high})"


def _goals(found: dict[Search, Found]) -> str:
    """Says whether savings cost no more than half a point."""
    lines = []
    for fraction in FRACTIONS[1:]:
        compared = _compared(found, SAVING, fraction, PLAIN)
        if compared is None:
            continue
        _, its = compared
        verdict = "reached" if its.high <= MOST_POINTS else "not reached"
        lines.append(
            f"- All savings{_part(fraction)} at most {MOST_POINTS} points "
            f"worse than plain evolution after all of them: {verdict}, the "
            f"upper bound is {its.high:+.2f}."
        )
    return "\n".join(lines) + "\n"
