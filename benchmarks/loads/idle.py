"""The share of their time in which workers evaluate nothing."""

from collections.abc import Iterable
from typing import Any

from benchmarks.loads.evaluators import BEGAN, ENDED
from hnas_tf.errors import HnasError


def idle_fraction(events: Iterable[dict[str, Any]]) -> float:
    """Returns the share of worker time outside of any evaluation.

    Counted is from when the last worker is ready for the first time, until the
    last individual is submitted: then there is work for everyone. Evaluators
    say themselves when they were at work. What is left is idle: waiting for an
    answer or for a task, and the start of children that replace others.

    Args:
        events: Of a search, in order.

    Raises:
        HnasError: if all workers were never at work together.
    """
    ready: dict[int, float] = {}
    work, end = [], 0.0
    for event in events:
        if event["kind"] == "ready":
            ready.setdefault(event["worker"], event["time"])
        elif event["kind"] == "submitted":
            end = event["time"]
        elif event["kind"] == "finished":
            work.append((event["seconds"][BEGAN], event["seconds"][ENDED]))
    start = max(ready.values())
    if start >= end:
        raise HnasError(
            "Expected a search that lasts after all workers are ready. "
            f"Received: one that ended {start - end:.1f} s before"
        )
    busy = sum(max(0.0, min(b, end) - max(a, start)) for a, b in work)
    return 1 - busy / (len(ready) * (end - start))
