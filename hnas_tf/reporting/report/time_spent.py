"""Where the time of a search's workers went, and what was saved."""

from collections import defaultdict
from collections.abc import Sequence
from statistics import fmean
from typing import Any

from hnas_tf.evolution import Individual, State
from hnas_tf.reporting.report.attempts import Attempt, busy_spans

_MOST_LETTERS = 2_000  # Of what a worker wrote last.
OTHER, IN_VAIN, IDLE = "starting and waiting", "in vain", "without work"


def time_spent(attempts: Sequence[Attempt]) -> dict[str, Any]:
    """Returns seconds of workers by what they went into.

    `parts` are those that workers name, of attempts that finished; then
    `starting and waiting`, the rest of these; `in vain`, attempts that failed
    or were lost; `without work`, workers that had none while others had. How
    many workers there were is taken to be the most that worked at a time;
    times at which none worked, such as pauses, do not count.
    """
    parts = defaultdict[str, float](float)
    for one in attempts:
        if one.end == "finished":
            for name, seconds in one.parts.items():
                parts[name] += seconds
            parts[OTHER] += one.other_seconds
        else:
            parts[IN_VAIN] += one.seconds
    spans = list(busy_spans(attempts))
    num_workers = max((number for _, number in spans), default=0)
    parts[IDLE] = sum(span * (num_workers - number) for span, number in spans)
    return {
        "num_workers": num_workers,
        "seconds": sum(span for span, _ in spans),
        "parts": {n: round(s, 3) for n, s in parts.items() if s > 0},
    }


def saved(
    individuals: Sequence[Individual], attempts: Sequence[Attempt]
) -> dict[str, Any]:
    """Returns how many trainings were saved, and about how many seconds.

    A training that was never begun, or was stopped early, is taken to have
    lasted as long as the mean of those that were not.
    """
    seconds = {a.individual: a.seconds for a in attempts if a.end == "finished"}
    full, stopped = (
        [
            seconds[one.number]
            for one in individuals
            if one.state is state and one.number in seconds
        ]
        for state in (State.FINISHED, State.STOPPED)
    )
    reused = [o for o in individuals if o.equal_to and o.state.is_final()]
    mean = fmean(full) if full else 0.0
    return {
        "num_reused": len(reused),
        "reused_seconds": round(len(reused) * mean, 1),
        "num_stopped": len(stopped),
        "stopped_seconds": round(sum(max(0.0, mean - s) for s in stopped), 1),
    }


def failures(attempts: Sequence[Attempt]) -> list[dict[str, Any]]:
    """Returns who failed or was lost, and why, in order."""
    return [
        {
            "individual": one.individual,
            "end": one.end,
            "reason": one.words[0],
            "detail": one.words[1][-_MOST_LETTERS:],
        }
        for one in attempts
        if one.end != "finished"
    ]
