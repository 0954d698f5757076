"""`kill -9` at bad moments, then the same command."""

import os
import signal
import subprocess
import sys

import pytest

from hnas_tf.archive import Archive
from hnas_tf.errors import ArchiveError
from hnas_tf.evolution import State
from tests import processes, rays
from tests.searches import results

RECIPE = (
    "--num_repeats=2",
    "--initial_population=4",
    "--num_workers=1",
    "--crop_size=8",
    "--evaluator=tests.toy:SlowEvaluator",
)
# Ray ends its own processes too.
BOUNDS_SECONDS = {"local": processes.BOUND_SECONDS, "ray": 10.0}


def flags(workdir, num_evaluations=12):
    its = (f"--workdir={workdir}", f"--num_evaluations={num_evaluations}")
    return (*its, *RECIPE)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    workdir = tmp_path_factory.mktemp("undisturbed")
    code, _, err = processes.run(
        processes.new_mark(), "search", *flags(workdir), TOY_SECONDS="0"
    )
    assert code == 0, err
    return results(workdir)


def resume(mark, workdir):
    code, out, err = processes.run(
        mark, "search", *flags(workdir), TOY_SECONDS="0"
    )
    assert code == 0, err
    assert "The search is finished: 12 individuals, " in out


def in_flight(workdir, number):
    """Returns whether an individual is submitted and not settled."""
    try:
        with Archive.open(workdir) as archive:
            submitted = archive.num_individuals(State.SUBMITTED)
            return archive.num_individuals() == number and submitted == 1
    except ArchiveError:  # It is not made yet.
        return False


def is_submitted(workdir, number):
    try:
        with Archive.open(workdir) as archive:
            return bool(archive.events(kind="submitted", individual=number))
    except ArchiveError:  # It is not made yet.
        return False


def kill_child(process, mark):
    """Kills the only child of a program."""
    (child,) = (pid for pid in processes.pids(mark) if pid != process.pid)
    os.kill(child, signal.SIGKILL)


def assert_ends(process):
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err


def test_killed_between_proposal_and_result(tmp_path, mark, undisturbed):
    process = processes.start(mark, "search", *flags(tmp_path))
    processes.wait_for(lambda: in_flight(tmp_path, 10))
    processes.kill(process)
    processes.wait_until_gone(mark)
    assert len(results(tmp_path)) == 10
    resume(mark, tmp_path)
    assert results(tmp_path) == undisturbed


def test_killed_while_a_result_is_written(tmp_path, mark, undisturbed):
    process = processes.start(mark, "search", *flags(tmp_path))
    processes.wait_for(lambda: in_flight(tmp_path, 10))
    processes.kill(process)
    write_and_die = (
        "import os, signal, sys\n"
        "from hnas_tf.archive import read_config, open_search\n"
        "from hnas_tf.events import Finished\n"
        "from pathlib import Path\n"
        "path = Path(sys.argv[1])\n"
        "with open_search(path, read_config(path / 'config.json')) as a:\n"
        "    with a.transaction():\n"
        "        a.record(Finished(10, 1, (1.0, 1.0)), time=0.0)\n"
        "        assert a.individual(10).fitness == 1.0\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    died = subprocess.run(
        [sys.executable, "-c", write_and_die, str(tmp_path)], check=False
    )
    assert died.returncode == -signal.SIGKILL
    resume(mark, tmp_path)
    assert results(tmp_path) == undisturbed


def test_a_child_killed_while_it_trains(tmp_path, mark, undisturbed):
    process = processes.start(mark, "search", *flags(tmp_path))
    processes.wait_for(lambda: in_flight(tmp_path, 6))
    kill_child(process, mark)
    assert_ends(process)
    assert results(tmp_path) == undisturbed
    with Archive.open(tmp_path) as archive:
        (lost,) = archive.events(kind="lost")
    assert lost["individual"] == 6
    assert "signal 9: the system may lack memory" in lost["detail"]


def test_a_child_killed_while_it_trains_and_prepares(tmp_path, mark):
    def start(workdir, seconds):
        return processes.start(
            *(mark, "search", *flags(workdir), "--prepare_ahead"),
            "--evaluator=tests.toy_ahead:SlowNotingEvaluator",
            TOY_SECONDS=seconds,
            TOY_FILES=str(tmp_path),
        )

    one, other = tmp_path / "undisturbed", tmp_path / "killed"
    assert_ends(start(one, "0"))
    process = start(other, "0.1")
    processes.wait_for(lambda: is_submitted(other, 2))
    kill_child(process, mark)
    assert_ends(process)
    assert results(other) == results(one)
    with Archive.open(other) as archive:
        (lost,) = archive.events(kind="lost")
        number = lost["individual"]
        own, following = (
            archive.events(kind="submitted", individual=n)
            for n in (number, number + 1)
        )
    assert lost["detail"].endswith(f"It also prepared individual {number + 1}.")
    assert [event["attempt"] for event in own] == [1, 2]
    assert [event["attempt"] for event in following] == [1]


@pytest.mark.parametrize(
    "engine", ["local", pytest.param("ray", marks=rays.needs_ray)]
)
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_interrupted(tmp_path, mark, undisturbed, number, code, engine):
    on_ray = ("--engine=ray", "--cpus_per_worker=0.5")
    its = on_ray if engine == "ray" else ()
    process = processes.start(mark, "search", *flags(tmp_path), *its)
    processes.wait_for(lambda: in_flight(tmp_path, 3))
    process.send_signal(number)
    process.send_signal(number)  # Cleaning up is not disturbed.
    out, err = process.communicate(timeout=BOUNDS_SECONDS[engine])
    assert process.returncode == code
    processes.wait_until_gone(mark)
    assert "To go on, type:\n  python -m hnas_tf.search --workdir=" in out
    assert "Traceback" not in err
    resume(mark, tmp_path)
    assert results(tmp_path) == undisturbed
