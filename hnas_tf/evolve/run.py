"""A search from where its archive stands to its end."""

import time
from collections.abc import Callable, Sequence

from hnas_tf.archive import Archive, Outcome, outcome_of
from hnas_tf.config import SearchConfig
from hnas_tf.engines import Engine
from hnas_tf.evolve.search import Search
from hnas_tf.evolve.watcher import Watcher


def evolve(
    config: SearchConfig,
    *,
    archive: Archive,
    engine: Engine,
    watchers: Sequence[Watcher] = (),
    clock: Callable[[], float] = time.time,
) -> Outcome:
    """Runs a search from where its archive stands to its end.

    Args:
        config: Of the search.
        archive: Open for writing; what it holds is never asked for again.
        engine: Is entered only if something is left to do.
        watchers: Show what happens.
        clock: Seconds since the epoch, for the events.

    Returns:
        The fittest individual of the whole run (Section 3.2), and counts.

    Raises:
        HnasError: if no worker is usable, workers do not compare, no genotype
            keeps within the budget, or the archive cannot be written.
    """
    search = Search(config, archive, engine, watchers, clock)
    # Also after the end: an earlier run may have died before it was shown.
    for watcher in watchers:
        watcher.begin(archive)
    try:
        if not search.is_finished():
            with engine:
                search.run()
    finally:
        for watcher in watchers:
            watcher.end(archive)
    return outcome_of(archive)
