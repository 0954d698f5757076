"""`kill -9` at bad moments, then the same command."""

import os
import signal
import subprocess
import sys

import pytest

from hnas_tf.archive import CONFIG_NAME, Archive, read_config
from hnas_tf.errors import ArchiveError
from hnas_tf.evolution import State
from hnas_tf.evolve import verify
from tests import processes

RECIPE = (
    "--num_repeats=2",
    "--initial_population=4",
    "--num_workers=1",
    "--crop_size=8",
    "--evaluator=tests.toy:SlowEvaluator",
)


def flags(workdir, num_evaluations=12):
    its = (f"--workdir={workdir}", f"--num_evaluations={num_evaluations}")
    return (*its, *RECIPE)


def results(workdir):
    """Returns what a search found, apart from when; checks that it repeats."""
    with Archive.open(workdir) as archive:
        config = read_config(workdir / CONFIG_NAME)
        assert verify(config, archive).problems == []
        return [
            (
                *(one.genotype, one.parent, one.mutation),
                *(one.fitness, one.state, one.equal_to),
            )
            for one in archive.individuals()
        ]


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


def test_killed_again_and_again_at_any_instant(tmp_path, mark, undisturbed):
    kills = processes.kill_until_it_ends(
        lambda: processes.start(
            mark, "search", *flags(tmp_path), TOY_SECONDS="0.05"
        ),
        growth=1.07,
    )
    assert kills > 2
    assert results(tmp_path) == undisturbed


def test_a_child_killed_while_it_trains(tmp_path, mark, undisturbed):
    process = processes.start(mark, "search", *flags(tmp_path))
    processes.wait_for(lambda: in_flight(tmp_path, 6))
    (child,) = (pid for pid in processes.pids(mark) if pid != process.pid)
    os.kill(child, signal.SIGKILL)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert results(tmp_path) == undisturbed
    with Archive.open(tmp_path) as archive:
        (lost,) = archive.events(kind="lost")
    assert lost["individual"] == 6
    assert "signal 9" in lost["detail"]


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_interrupted(tmp_path, mark, undisturbed, number, code):
    process = processes.start(mark, "search", *flags(tmp_path))
    processes.wait_for(lambda: in_flight(tmp_path, 3))
    process.send_signal(number)
    out, err = process.communicate(timeout=processes.BOUND_SECONDS)
    assert process.returncode == code
    assert processes.pids(mark) == []
    assert "To go on, type:\n  python -m hnas_tf.search --workdir=" in out
    assert "Traceback" not in err
    resume(mark, tmp_path)
    assert results(tmp_path) == undisturbed
