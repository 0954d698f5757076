"""A search from where its archive stands to its end."""

import math
import time
from collections.abc import Callable, Sequence

from hnas_tf.archive import Archive, Outcome, outcome_of
from hnas_tf.config import SearchConfig
from hnas_tf.engines import Engine
from hnas_tf.evolve.search import Search
from hnas_tf.evolve.watcher import Watcher
from hnas_tf.evolve.watchers import Watchers


def evolve(
    config: SearchConfig,
    *,
    archive: Archive,
    engine: Engine,
    watchers: Sequence[Watcher] = (),
    clock: Callable[[], float] = time.time,
    stopwatch: Callable[[], float] = time.monotonic,
) -> Outcome:
    """Runs a search from where its archive stands to its end, or deadline.

    Args:
        config: Of the search.
        archive: Open for writing; what it holds is never asked for again.
        engine: Is entered only if something is left to do.
        watchers: Show what happens.
        clock: Seconds since the epoch, for the events.
        stopwatch: Seconds since anything, for the deadline: never set back.

    Returns:
        The fittest individual of the whole run (Section 3.2), and counts.

    Raises:
        HnasError: if no worker is usable, workers do not compare, one after
            the other fails, no genotype keeps within the budget, or the
            archive cannot be written.
    """
    limit = config.workers.deadline_seconds
    deadline = math.inf if limit is None else stopwatch() + limit
    all_watchers = Watchers(watchers)
    search = Search(
        config,
        archive,
        engine,
        all_watchers,
        clock,
        lambda: deadline - stopwatch(),
    )
    # Also after the end: an earlier run may have died before it was shown.
    with all_watchers.looking_on(archive):
        if not search.is_finished():
            with engine:
                search.run()
    return outcome_of(archive)
