"""A search on Ray: what is killed, and what becomes of it."""

import contextlib
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from hnas_tf.archive import Archive
from hnas_tf.errors import ArchiveError
from tests import processes, rays
from tests.searches import results

pytestmark = rays.needs_ray
TOY = (
    *("--num_repeats=2", "--initial_population=4", "--crop_size=8"),
    "--evaluator=tests.toy:SlowEvaluator",
)
RAY = ("--engine=ray", "--cpus_per_worker=0.5")
# Machines of a cluster know each other by it.
TOKEN = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": "0" * 64}


def flags(workdir, *others, num_evaluations=12, num_workers=1):
    return (
        f"--workdir={workdir}",
        f"--num_evaluations={num_evaluations}",
        f"--num_workers={num_workers}",
        *TOY,
        *others,
    )


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The search of the local engine."""
    workdir = tmp_path_factory.mktemp("local")
    code, _, err = processes.run(
        processes.new_mark(), "search", *flags(workdir), TOY_SECONDS="0"
    )
    assert code == 0, err
    return results(workdir)


def num_events(workdir, kind):
    """Returns how many there are, 0 if there is no archive yet."""
    try:
        with Archive.open(workdir) as archive:
            return len(archive.events(kind=kind))
    except ArchiveError:
        return 0


def test_a_killed_driver_leaves_nobody_and_goes_on(tmp_path, mark, undisturbed):
    process = processes.start(mark, "search", *flags(tmp_path, *RAY))
    processes.wait_for(lambda: num_events(tmp_path, "finished") >= 3)
    processes.kill(process)
    processes.wait_for(lambda: not children(mark), seconds=5.0)
    wait_until_ray_is_gone(mark)
    code, out, err = processes.run(
        mark, "search", *flags(tmp_path, *RAY), TOY_SECONDS="0"
    )
    assert code == 0, err
    assert "The search is finished: 12 individuals" in out
    assert results(tmp_path) == undisturbed
    wait_until_ray_is_gone(mark)


@pytest.mark.parametrize(
    ("program", "who"),
    [
        ("gcs_server", "the head of Ray"),
        ("raylet", "Ray's process on this machine"),
    ],
)
def test_a_search_whose_ray_is_gone_ends_in_a_sentence_and_goes_on(
    tmp_path, mark, undisturbed, program, who
):
    # More than can be done before it is noticed.
    its = flags(tmp_path, *RAY, num_evaluations=80)
    process = processes.start(mark, "search", *its, TOY_SECONDS="1")
    processes.wait_for(lambda: num_events(tmp_path, "finished") >= 3)
    (pid,) = (
        pid
        for pid in processes.pids(mark)
        if program in command(pid).split(b"\0")[0].decode()
    )
    processes.kill_pid(pid)
    _, err = process.communicate(timeout=200)
    assert process.returncode == 1
    assert "Traceback" not in err
    sentence = err.splitlines()[-1]
    assert sentence.startswith(f"error: Expected an answer from {who} at 127.")
    assert sentence.endswith("is kept, and the same command goes on")
    assert children(mark) == []
    # What is left of Ray ends a minute after its head.
    for left in processes.pids(mark):
        processes.kill_pid(left)
    code, _, err = processes.run(mark, "search", *its, TOY_SECONDS="0")
    assert code == 0, err
    assert results(tmp_path)[: len(undisturbed)] == undisturbed
    wait_until_ray_is_gone(mark)


def children(mark):
    """Returns the processes that train."""
    return [
        pid
        for pid in processes.pids(mark)
        if b"hnas_tf.engines.child" in command(pid)
    ]


def command(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # It has ended.
        return b""


def wait_until_ray_is_gone(mark):
    """Ray's own processes try for a minute to reach one that is gone too."""
    processes.wait_for(lambda: not processes.pids(mark), seconds=120.0)


@pytest.fixture
def folder():
    """Returns one whose name is short: Ray's sockets lie in it."""
    with tempfile.TemporaryDirectory(prefix="ray", dir="/tmp") as name:
        yield name


class Node:
    """A machine of a cluster: a Ray of its own on this one."""

    def __init__(self, folder, *arguments):
        self.mark = processes.new_mark()
        ray = Path(sys.executable).with_name("ray")
        out = subprocess.run(
            [
                *(ray, "start", *arguments, "--num-cpus=1"),
                "--disable-usage-stats",
            ],
            env=processes.environment(self.mark, RAY_TMPDIR=folder, **TOKEN),
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        found = re.search(r"--address='([\d.:]+)'", out)
        self.address = found[1] if found else ""

    def kill(self):
        for pid in processes.pids(self.mark):
            processes.kill_pid(pid)


def test_a_machine_that_joins_works_and_one_that_is_lost_loses_nothing(
    tmp_path, folder, mark
):
    workdir = tmp_path / "search"
    with contextlib.ExitStack() as stack:
        head = Node(folder, "--head", "--port=0", "--include-dashboard=false")
        stack.callback(head.kill)
        cluster = (*RAY, f"--ray_address={head.address}")
        sizes = {"num_evaluations": 60, "num_workers": 4}
        process = processes.start(
            mark, "search", *flags(workdir, *cluster, **sizes), **TOKEN
        )
        stack.callback(processes.kill, process)
        processes.wait_for(lambda: num_events(workdir, "finished") >= 5)
        second = Node(folder, f"--address={head.address}")
        stack.callback(second.kill)
        processes.wait_for(lambda: num_events(workdir, "ready") >= 4)
        second.kill()
        out, err = process.communicate(timeout=200)
        assert process.returncode == 0, err
        assert "The search is finished: 60 individuals" in out
        assert len(results(workdir)) == 60
        with Archive.open(workdir) as archive:
            lost = archive.events(kind="lost")
        # It counts as the failure of nobody.
        assert lost
        assert all(event["is_preempted"] for event in lost)


def test_whoever_has_no_token_is_told_so_in_a_sentence(tmp_path, mark):
    cluster = (*RAY, "--ray_address=127.0.0.1:6399")
    nowhere = {"HOME": str(tmp_path), "RAY_AUTH_MODE": "token"}
    code, _, err = processes.run(
        mark, "search", *flags(tmp_path / "search", *cluster), **nowhere
    )
    assert code == 1
    assert "Traceback" not in err
    assert "Expected a Ray cluster at ray_address=127.0.0.1:6399." in err
