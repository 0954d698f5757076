"""A real search whose processes are killed at random instants."""

import subprocess
from pathlib import Path
from signal import SIGKILL
from typing import NamedTuple

from hnas_tf.archive import Archive
from hnas_tf.errors import ArchiveError
from tests import processes
from tests.searches import check_begun, results

NUM_EVALUATIONS = 30
DRIVER, CHILD = "driver", "child"

# Of the lives of drivers, some end while they start: within this time.
SHARE_AT_START, START_SECONDS = 0.25, 2.0
# In the others somebody dies so many events, and then seconds, after another.
MOST_EVENTS, MOST_SECONDS = 15, 0.1
# A worker whose children die three times before they are ready is given up.
MOST_CHILDREN = 2


class Search(NamedTuple):
    """A search in a folder of its own, in which children leave notes too."""

    folder: Path
    num_workers: int
    prepare_ahead: bool

    @property
    def workdir(self):
        return self.folder / "search"

    def start(self, mark, *, moment):
        """Starts it, or has it go on; a moment lasts so many seconds."""
        return processes.start(
            *(mark, "search", f"--workdir={self.workdir}"),
            "--evaluator=tests.toy_ahead:SlowNotingEvaluator",
            *(f"--num_evaluations={NUM_EVALUATIONS}", "--initial_population=6"),
            *("--num_repeats=2", "--early_stop", "--crop_size=8"),
            *("--max_attempts=1000000", "--recycle_worker_after=7"),
            f"--num_workers={self.num_workers}",
            f"--prepare_ahead={self.prepare_ahead}",
            TOY_FILES=str(self.folder),
            TOY_SECONDS=str(moment),
        )

    def last_event(self):
        """Returns its number, 0 if there is no archive yet."""
        try:
            with Archive.open(self.workdir) as archive:
                return archive.last_event()
        except ArchiveError:
            return 0


def undisturbed(search):
    """Returns the results of a search that nobody kills."""
    assert ends(search.start(processes.new_mark(), moment=0), within=300)
    return results(search.workdir)


def play(search, rng, kills, *, most):
    """Kills processes of a search until it ends; returns its results.

    Args:
        search: A new one.
        rng: Decides who dies, and when.
        kills: Counts who was killed.
        most: So many are killed, unless the search ends before.

    Raises:
        AssertionError: if anything was lost, or evaluated twice.
    """
    mark = processes.new_mark()
    try:
        while live(search, mark, rng, kills, most=most):
            processes.wait_until_gone(mark)
    finally:
        for pid in processes.pids(mark):
            processes.kill_pid(pid)
    found = results(search.workdir)
    assert len(found) == NUM_EVALUATIONS
    assert all(one.state.is_final() for one in found)
    check_begun(search.workdir, search.folder)
    return found


def live(search, mark, rng, kills, *, most):
    """Lets a driver live; returns whether it is killed before the search ends.

    Children may be killed meanwhile.
    """
    process = search.start(mark, moment=0.02 * search.num_workers)
    deaths = [(DRIVER, 0, START_SECONDS)]
    if rng.random() >= SHARE_AT_START:
        victims = [*rng.randint(0, MOST_CHILDREN) * [CHILD], DRIVER]
        deaths = [(who, MOST_EVENTS, MOST_SECONDS) for who in victims]
    for victim, num_events, seconds in deaths[: most - kills.total()]:
        await_events(search, process, rng.randint(0, num_events))
        if ends(process, within=rng.uniform(0, seconds)):
            return False
        kills[victim] += kill(victim, process, mark, rng)
        if process.returncode == -SIGKILL:
            return True
    assert ends(process, within=300), "it never ends"
    return False


def await_events(search, process, number):
    """Waits until so many events are written, or a program has ended."""
    wanted = search.last_event() + number
    processes.wait_for(
        lambda: search.last_event() >= wanted or process.poll() is not None
    )


def ends(process, *, within):
    """Returns whether a program ends well within so many seconds."""
    try:
        _, err = process.communicate(timeout=within)
    except subprocess.TimeoutExpired:
        return False
    assert process.returncode == 0, err
    return True


def kill(victim, driver, mark, rng):
    """Kills the driver or one of its children; returns if one was alive."""
    if victim == DRIVER:
        processes.kill(driver)
        return driver.returncode == -SIGKILL
    children = [pid for pid in processes.pids(mark) if pid != driver.pid]
    if children:
        processes.kill_pid(rng.choice(sorted(children)))
    return bool(children)
