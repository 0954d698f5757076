"""A search in TensorBoard: its scalars, and the curves of some candidates."""

import collections
import shutil
from pathlib import Path
from statistics import fmean
from typing import Any

from hnas_tf.archive import TENSORBOARD_DIR, Archive, Settled
from hnas_tf.evolution import Individual
from hnas_tf.reporting.event_file import EventFile
from hnas_tf.reporting.shown import ShownCandidates

SEARCH_RUN = "search"
CANDIDATES_DIR = "candidates"
LAST = 50


class TensorBoard:
    """Writes `tensorboard/search` and `tensorboard/candidates` of a workdir.

    Steps of the search are evaluated individuals, those of a candidate the
    steps of its training. The archive is the truth: both folders are written
    anew from it when a search goes on.
    """

    def __init__(self, workdir: Path, *, max_candidates: int = 100) -> None:
        """Writes nothing yet.

        Args:
            workdir: Of the search.
            max_candidates: The most candidates that are shown with a curve.
        """
        self._folder = workdir / TENSORBOARD_DIR
        self._shown = ShownCandidates(max_candidates)
        self._file: EventFile | None = None
        self._num_evaluated = 0
        self._num_reused = self._num_stopped = 0
        self._best = (0.0, -1.0, 0)
        self._last: collections.deque[float] = collections.deque(maxlen=LAST)

    def begin(self, archive: Archive) -> None:
        """Writes what the archive holds."""
        for name in (SEARCH_RUN, CANDIDATES_DIR):
            shutil.rmtree(self._folder / name, ignore_errors=True)
        self._file = EventFile(self._folder / SEARCH_RUN)
        for settled in archive.settled():
            self._add(settled)
        for number in self._shown.numbers():
            self._write_curves(number, archive)
        self._file.flush()

    def settled(self, individual: Individual, archive: Archive) -> None:
        """Adds an individual to the scalars, and its curves."""
        number, parameters = individual.number, individual.cost.parameters
        *_, last = archive.events(individual=number)
        settled = Settled(
            number,
            individual.fitness,
            parameters,
            last["time"],
            individual.share,
            individual.equal_to is not None,
        )
        for number in self._add(settled):
            shutil.rmtree(self._candidate(number), ignore_errors=True)
        if individual.number in self._shown.numbers():
            self._write_curves(individual.number, archive)
        if self._file is not None:
            self._file.flush()

    def end(self, archive: Archive) -> None:
        """Closes the file."""
        del archive
        if self._file is not None:
            self._file.close()

    def _add(self, settled: Settled) -> set[int]:
        """Adds to the scalars; returns who is not to be shown any more."""
        self._num_evaluated += 1
        _, fitness, parameters, time, share, is_reused = settled
        if fitness is None or share is None or self._file is None:
            return set()
        self._num_reused += is_reused
        self._num_stopped += share < 1
        # Of equal rank, the older is the better.
        if (share, fitness) > self._best[:2]:
            self._best = (share, fitness, parameters)
        self._last.append(fitness)
        scalars = {
            "fitness/best": self._best[1],
            f"fitness/mean_of_last_{LAST}": fmean(self._last),
            "fitness/last": fitness,
            "cost/parameters_of_best": self._best[2],
            "cost/parameters_of_last": parameters,
            "saved/share_reused": self._num_reused / self._num_evaluated,
            "saved/share_stopped": self._num_stopped / self._num_evaluated,
        }
        self._file.scalars(scalars, step=self._num_evaluated, wall_time=time)
        if is_reused:
            return set()  # It has no curve.
        return self._shown.add(settled.number, (share, fitness))

    def _write_curves(self, number: int, archive: Archive) -> None:
        """Writes the curves of the last attempt, one per repeat."""
        progress = list(archive.events(kind="progress", individual=number))
        last_attempt = max((event["attempt"] for event in progress), default=0)
        file = EventFile(self._candidate(number))
        for event in progress:
            if event["attempt"] == last_attempt:
                _write_progress(file, event)
        file.close()

    def _candidate(self, number: int) -> Path:
        return self._folder / CANDIDATES_DIR / f"{number:06d}"


def _write_progress(file: EventFile, event: dict[str, Any]) -> None:
    repeat, time = event["repeat"], event["time"]
    for step, loss in event["curve"]:
        tags = {f"loss/repeat_{repeat}": loss}
        file.scalars(tags, step=step, wall_time=time)
    if event["curve"]:
        step = event["curve"][-1][0]
        tags = {f"validation_accuracy/repeat_{repeat}": event["accuracy"]}
        file.scalars(tags, step=step, wall_time=time)
