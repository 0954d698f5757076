"""What a person sees while a search runs."""

import sys
from typing import Any

from tqdm import tqdm

from hnas_tf.archive import Archive, outcome_of
from hnas_tf.evolution import Individual, State

_TERMINAL_SECONDS = 0.1
_FILE_SECONDS = 10.0


def seconds_between_lines() -> float:
    """Returns how often a bar moves; a file gets a line now and then."""
    return _TERMINAL_SECONDS if sys.stderr.isatty() else _FILE_SECONDS


class ProgressBar:
    """A bar with done / total, the best fitness, the last one, time left."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._bar: tqdm[Any] | None = None
        self._counts: dict[str, int] = {}

    def begin(self, archive: Archive) -> None:
        """Shows where the search stands."""
        outcome = outcome_of(archive)
        self._counts = {
            "reused": outcome.num_reused,
            "stopped": outcome.num_stopped,
            "failed": outcome.num_failed,
        }
        self._bar = tqdm(
            total=self._total,
            initial=outcome.num_settled,
            unit="candidate",
            mininterval=seconds_between_lines(),
            dynamic_ncols=True,
            smoothing=0.1,
        )

    def settled(self, individual: Individual, archive: Archive) -> None:
        """Moves the bar on."""
        if self._bar is None:
            return
        self._counts["reused"] += individual.equal_to is not None
        self._counts["stopped"] += individual.state is State.STOPPED
        self._counts["failed"] += individual.state is State.FAILED
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
        figures += [f"{name} {n}" for name, n in self._counts.items() if n]
        return ", ".join(figures)
