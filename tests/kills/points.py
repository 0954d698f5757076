"""A search that is killed before and after every transition of its archive.

A program of its own, without threads, since it forks:
`python -m tests.kills.points --num_workers=1`. The files lie in memory: what
dies is the process, not the machine.
"""

import argparse
import os
import signal
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import get_args
from unittest import mock

from hnas_tf.archive import Archive, open_search
from hnas_tf.config import WorkersConfig
from hnas_tf.events import NOT_FINITE, Event, Failed, Lost, Unusable
from hnas_tf.evolve import evolve
from hnas_tf.genotype import LevelSize, SearchSpace
from tests import toy_ahead
from tests.evolve import trainings
from tests.searches import check_begun, results
from tests.simulation.play import MEMORY
from tests.simulation.world import statements_of

NUM_EVALUATIONS = 10
# Its networks are few, so that some are equal; with this seed all happens.
SMALL, SEED = SearchSpace((LevelSize(1, 2),)), 5
FAILS, IS_LOST_ONCE, IS_ALWAYS_LOST = 2, 3, 4
KINDS = {kind.__name__.lower() for kind in get_args(Event)}


class Eventful(trainings.Trainings):
    """Has everything happen; what ends an individual is always the same."""

    def __init__(self, num_workers, num_repeats):
        outcomes = {(IS_LOST_ONCE, 1): [Lost(IS_LOST_ONCE, 1)]}
        for n in range(1, 10):
            outcomes[FAILS, n] = [Failed(FAILS, n, NOT_FINITE)]
            outcomes[IS_ALWAYS_LOST, n] = [Lost(IS_ALWAYS_LOST, n)]
        super().__init__(
            num_workers, num_repeats=num_repeats, outcomes=outcomes
        )

    def __enter__(self):
        super().__enter__()
        self._num_workers += 1
        self._events.appendleft(Unusable(self._num_workers, "in words"))
        return self

    def submit(self, task, ahead=None):
        toy_ahead.note("evaluated", task)
        super().submit(task, ahead)


class Transitions:
    """Counts points before and after what is written; at one of them, dies."""

    def __init__(self, fatal=None):
        self.num_points = 0
        self._fatal = fatal
        self._is_commit = False

    def before(self, statement):
        """Is told of a statement of SQLite."""
        self._is_commit = statement == "COMMIT"
        self._perhaps_pass()

    def after(self):
        """Is told that it was run."""
        self._perhaps_pass()

    def rename(self, source, target, *, right=os.replace):
        self._pass()
        right(source, target)
        self._pass()

    def _perhaps_pass(self):
        if self._is_commit:
            self._pass()

    def _pass(self):
        if self.num_points == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        self.num_points += 1


def config(num_workers, prepare_ahead):
    its = trainings.config(
        NUM_EVALUATIONS, num_repeats=2, early_stop=True, reuse_fitness=True
    )
    workers = WorkersConfig(
        num_workers=num_workers, prepare_ahead=prepare_ahead
    )
    return replace(its, space=SMALL, seed=SEED, workers=workers)


def search(folder, its, transitions):
    """Begins a search, or goes on; returns what it came to."""
    os.environ["TOY_FILES"] = str(folder)
    engine = Eventful(its.workers.num_workers, its.training.num_repeats)
    with (
        statements_of(transitions),
        mock.patch.object(os, "replace", transitions.rename),
        open_search(folder / "search", its) as archive,
    ):
        evolve(its, archive=archive, engine=engine)
    check_begun(folder / "search", folder)
    return results(folder / "search")


def dies(folder, its, point):
    """Returns whether a process that runs a search dies at a point."""
    pid = os.fork()
    if pid == 0:
        search(folder, its, Transitions(fatal=point))
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def num_survived(root, its):
    """Kills a search at every point there is; returns how many there are.

    Raises:
        AssertionError: if one was not reached, or anything was lost.
    """
    counting = Transitions()
    undisturbed = search(new_folder(root, "undisturbed"), its, counting)
    with Archive.open(root / "undisturbed" / "search") as archive:
        assert {event["kind"] for event in archive.events()} == KINDS
    for point in range(counting.num_points):
        folder = new_folder(root, f"{point}")
        assert dies(folder, its, point), f"point {point} was not reached"
        found = search(folder, its, Transitions())
        assert len(found) == NUM_EVALUATIONS
        assert all(one.state.is_final() for one in found)
        if its.workers.num_workers == 1:
            assert found == undisturbed, f"point {point}: another search"
    return counting.num_points


def new_folder(root, name):
    folder = root / name
    folder.mkdir()
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.kills.points")
    parser.add_argument("--num_workers", type=int, default=1)
    parser.add_argument("--prepare_ahead", action="store_true")
    options = parser.parse_args()
    its = config(options.num_workers, options.prepare_ahead)
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        number = num_survived(Path(folder), its)
    print(f"{number} points, all reached, nothing lost")


if __name__ == "__main__":
    main()
