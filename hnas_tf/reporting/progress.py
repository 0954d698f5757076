"""What a person sees while a search runs."""

import sys
from typing import Any

from tqdm import tqdm

from hnas_tf.archive import Archive
from hnas_tf.evolution import Individual, State

_TERMINAL_SECONDS = 0.1
_FILE_SECONDS = 10.0


class ProgressBar:
    """A bar with done / total, the best fitness, the last one, time left."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._bar: tqdm[Any] | None = None
        self._num_failed = 0

    def begin(self, archive: Archive) -> None:
        """Shows where the search stands."""
        self._num_failed = archive.num_individuals(State.FAILED)
        finished = archive.num_individuals(State.FINISHED)
        self._bar = tqdm(
            total=self._total,
            initial=finished + self._num_failed,
            unit="candidate",
            # A file gets a line now and then instead of a moving bar.
            mininterval=(
                _TERMINAL_SECONDS if sys.stderr.isatty() else _FILE_SECONDS
            ),
            dynamic_ncols=True,
            smoothing=0.1,
        )

    def settled(self, individual: Individual, archive: Archive) -> None:
        """Moves the bar on."""
        if self._bar is None:
            return
        self._num_failed += individual.state is State.FAILED
        self._bar.set_postfix_str(self._figures(individual, archive), False)
        self._bar.update()

    def end(self, archive: Archive) -> None:
        """Leaves the bar as it is."""
        del archive
        if self._bar is not None:
            self._bar.close()

    def _figures(self, individual: Individual, archive: Archive) -> str:
        figures = []
        for best in archive.fittest(1):
            figures.append(f"best {best.fitness:.4f}")
        if individual.fitness is not None:
            figures.append(f"last {individual.fitness:.4f}")
        if self._num_failed:
            figures.append(f"failed {self._num_failed}")
        return ", ".join(figures)
