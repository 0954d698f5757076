"""`kill -9` while one candidate is evaluated and the next is prepared."""

import os
import signal

import pytest

from hnas_tf.archive import Archive, read_config
from hnas_tf.errors import ArchiveError
from tests import processes
from tests.test_crashes import RECIPE, results

FLAGS = (
    *RECIPE,
    "--evaluator=tests.toy_ahead:SlowPreparation",
    "--num_evaluations=10",
    "--recycle_worker_after=4",
    "--prepare_ahead",
)


def start(mark, workdir, seconds):
    return processes.start(
        mark, "search", f"--workdir={workdir}", *FLAGS, TOY_SECONDS=seconds
    )


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    workdir = tmp_path_factory.mktemp("undisturbed")
    process = start(processes.new_mark(), workdir, "0")
    _, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    assert read_config(workdir / "config.json").workers.prepare_ahead is True
    return results(workdir)


def is_submitted(workdir, number):
    try:
        with Archive.open(workdir) as archive:
            return bool(archive.events(kind="submitted", individual=number))
    except ArchiveError:  # It is not made yet.
        return False


def test_killed_again_and_again_at_any_instant(tmp_path, mark, undisturbed):
    kills = processes.kill_until_it_ends(
        lambda: start(mark, tmp_path, "0.05"), growth=1.1
    )
    assert kills > 2
    assert results(tmp_path) == undisturbed


def test_a_child_killed_while_it_trains_and_prepares(
    tmp_path, mark, undisturbed
):
    process = start(mark, tmp_path, "0.3")
    processes.wait_for(lambda: is_submitted(tmp_path, 2))
    (child,) = (pid for pid in processes.pids(mark) if pid != process.pid)
    os.kill(child, signal.SIGKILL)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert results(tmp_path) == undisturbed
    with Archive.open(tmp_path) as archive:
        (lost,) = archive.events(kind="lost")
        number = lost["individual"]
        own, following = (
            archive.events(kind="submitted", individual=n)
            for n in (number, number + 1)
        )
    assert lost["detail"].endswith(f"It also prepared individual {number + 1}.")
    assert [event["attempt"] for event in own] == [1, 2]
    assert [event["attempt"] for event in following] == [1]
