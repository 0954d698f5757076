"""What was promised of the experiment, and whether it came."""

from statistics import fmean

from benchmarks.quality import findings
from benchmarks.quality.comparisons import Side, compared, in_words, points
from benchmarks.quality.experiment import Experiment, Found, Search
from benchmarks.quality.rows import FRACTIONS, PLAIN, REUSE, ROWS, SAVING
from benchmarks.quality.statistics import CONFIDENCE

LEAST_SPREAD = 3.0
"""Of the fitnesses of random networks, over its noise."""

MOST_POINTS = 0.5
"""That savings may cost, by the upper end of the difference's interval."""

LEAST_REUSED = 0.25
"""The share of trainings that reuse alone is to save."""

MOST_HOURS = 2.5
"""Of wall time, for all searches."""


def of_goals(experiment: Experiment) -> str:
    """Says of every one whether it was reached, as far as is known."""
    found, budget = experiment.found(), experiment.budget
    lines = [
        *_of_spread(experiment),
        _of_time(experiment),
        of_reuse(found, budget.initial_population),
    ]
    for fraction in FRACTIONS[1:]:
        lines.append(of_savings(found, fraction))
        lines += _in_minutes(experiment, fraction)
    return "".join(f"- {line}\n" for line in lines)


def _of_spread(experiment: Experiment) -> list[str]:
    return [
        f"Fitness of random {space} networks spreads at least "
        f"{LEAST_SPREAD:g} times its noise: "
        f"{verdict(its.ratio >= LEAST_SPREAD)}, {its.ratio:.1f}."
        for space, its in findings.spreads(experiment).items()
    ]


def _of_time(experiment: Experiment) -> str:
    found = experiment.found()
    hours, missing = findings.wall_hours(found), list(experiment.missing())
    goal = f"All searches within {MOST_HOURS:g} hours"
    if missing:
        return f"{goal}: {len(found)} have ended so far."
    return f"{goal}: {verdict(hours <= MOST_HOURS)}, {hours:.2f}."


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


def of_reuse(found: dict[Search, Found], num_random: int) -> str:
    """Says whether reuse saves enough.

    Args:
        found: Searches.
        num_random: Individuals before the first mutation.
    """
    fractions = reused_fractions(found).values()
    of_children = reused_fractions(found, num_others=num_random).values()
    planned = len(ROWS[REUSE].seeds)
    goal = f"Reuse alone saves at least {LEAST_REUSED:.0%} of the trainings"
    if len(fractions) < planned:
        return f"{goal}: {len(fractions)} of {planned} seeds so far."
    mean = fmean(fractions)
    return (
        f"{goal}: {verdict(mean >= LEAST_REUSED)}, {mean:.0%} of the "
        f"individuals that plain evolution has ({min(fractions):.0%} to "
        f"{max(fractions):.0%} of {planned} seeds); of those alone that are "
        f"mutations {fmean(of_children):.0%}."
    )


def of_savings(found: dict[Search, Found], fraction: float) -> str:
    """Says whether savings come as far with a fraction of the steps."""
    ours, plain = Side(SAVING, fraction), Side(PLAIN)
    stretch = "" if fraction == FRACTIONS[1] else " (the stretch)"
    goal = (
        f"{ours} at most {MOST_POINTS} points worse than {plain} after all of "
        f"them{stretch}"
    )
    its = compared(found, ours, plain)
    if its is None or its.number < its.planned:
        return f"{goal}: {its.number if its else 'no'} pairs so far."
    _, low, high, bound = its.interval
    said = verdict(high <= MOST_POINTS)
    if low <= MOST_POINTS < high:
        said = f"not shown, the interval contains {MOST_POINTS}"
    return (
        f"{goal}: {said}; {its.number} pairs, two-sided {CONFIDENCE:.0%} "
        f"interval {in_words(its.interval)}, one-sided {CONFIDENCE:.0%} bound "
        f"{points(bound)}."
    )


def _in_minutes(experiment: Experiment, fraction: float) -> list[str]:
    """Says what that is in time, if both have ended."""
    ours = findings.minutes_of(experiment, Side(SAVING, fraction))
    plain = findings.minutes_of(experiment, Side(PLAIN))
    if ours is None or plain is None:
        return []
    return [
        f"These {fraction:.2f} of the steps are {ours / plain:.2f} of the time "
        f"({ours:.1f} of {plain:.1f} minutes of one core), in which networks "
        "are built as well."
    ]


def verdict(is_reached: bool) -> str:
    """Says whether a goal is reached."""
    return "reached" if is_reached else "not reached"
