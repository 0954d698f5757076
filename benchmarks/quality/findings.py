"""What came out besides errors: how candidates differ, and how long it took."""

from collections.abc import Iterator
from statistics import fmean

from benchmarks.quality import analysis
from benchmarks.quality.comparisons import Side
from benchmarks.quality.experiment import Experiment, Found, Search
from benchmarks.quality.rows import ROWS

_SPACES = ("flat", "hierarchical")


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


def of_noise(experiment: Experiment) -> str:
    """Says how far candidates differ, and how early one can tell."""
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
        if len(digests) < 4:
            continue
        for half, words in ((False, ""), (True, ", the better half alone")):
            its = analysis.correlations(
                *(experiment.table, digests, experiment.budget),
                better_half=half,
            )
            values = ", ".join(
                f"{value:.2f} at {share:g}"
                for share, value in its.by_share.items()
            )
            yield (
                f"- {space}, {its.number} networks of searches without "
                f"savings{words}: rank correlation of the accuracy of the "
                "first training with the mean of all others, by share of it: "
                f"{values}."
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


def minutes_of(experiment: Experiment, side: Side) -> float | None:
    """Returns what the trainings of a search take one core, on the mean."""
    seconds = [
        analysis.seconds_of(
            experiment.table, its, experiment.budget, fraction=side.fraction
        )
        for search, its in experiment.found().items()
        if search.row == side.row
    ]
    return fmean(seconds) / 60 if seconds else None


def of_time(experiment: Experiment) -> str:
    """Says how long all of it ran."""
    found = experiment.found()
    hours = sum(end - begin for begin, end in _spans(found)) / 3600
    trainings = experiment.table.trainings()
    seconds = sum(one.training for one in trainings.values())
    # All that a process trained of a network at once, it built once.
    built = {
        (one.digest, one.part, its.building) for one, its in trainings.items()
    }
    building = sum(seconds for *_, seconds in built)
    return (
        f"- {len(found)} searches ran {hours:.2f} hours of processes, tests of "
        f"winners included, in {wall_hours(found):.2f} hours of wall time. "
        "What was interrupted and ran again is not in it.\n"
        f"- {len(trainings):,} trainings of "
        f"{len({one.digest for one in trainings}):,} networks: "
        f"{building / 3600:.2f} hours of a core to build them, "
        f"{seconds / 3600:.2f} to train and evaluate.\n"
    )


def wall_hours(found: dict[Search, Found]) -> float:
    """Returns how long at least one search ran."""
    return covered(_spans(found)) / 3600


def _spans(found: dict[Search, Found]) -> list[tuple[float, float]]:
    return [(its["began"], its["ended"]) for its in found.values()]


def covered(spans: list[tuple[float, float]]) -> float:
    """Returns how much time lies within at least one of some spans."""
    total, up_to = 0.0, 0.0
    for begin, end in sorted(spans):
        total += max(0.0, end - max(begin, up_to))
        up_to = max(up_to, end)
    return total
