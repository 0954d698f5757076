"""Workdirs on a medium that nobody can write to, and copies of them."""

import shutil
import sys

import pytest

from tests import disks, processes
from tests.archive.samples import listing
from tests.test_crashes import flags, in_flight, results


def on_read_only(mark, workdir, program, *its_flags):
    """Runs a program that cannot write to a workdir, whoever runs it."""
    ours = (sys.executable, "-m", f"hnas_tf.{program}", *its_flags)
    environment = processes.environment(mark)
    found = disks.run(
        disks.READ_ONLY,
        workdir,
        'exec "$@"',
        *ours,
        env=environment,
        timeout=300,
    )
    return found.returncode, found.stdout, found.stderr


def show(mark, workdir):
    return on_read_only(mark, workdir, "show", f"--workdir={workdir}")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder of a search that is finished."""
    workdir = tmp_path_factory.mktemp("made") / "finished"
    mark = processes.new_mark()
    code, _, err = processes.run(
        mark, "search", *flags(workdir), TOY_SECONDS="0"
    )
    assert code == 0, err
    return workdir


@pytest.fixture
def killed(tmp_path, mark):
    """The folder of one that was killed: its rows are in the WAL alone."""
    workdir = tmp_path / "killed"
    process = processes.start(mark, "search", *flags(workdir))
    processes.wait_for(lambda: in_flight(workdir, 3))
    processes.kill(process)
    assert (workdir / "search.sqlite-wal").stat().st_size > 0
    return workdir


@disks.requires_mounts
def test_a_finished_search_is_shown(mark, made):
    before = listing(made)
    code, out, err = show(mark, made)
    assert (code, err) == (0, "")
    assert "12 individuals: 0 submitted, 12 finished" in out
    assert listing(made) == before


@disks.requires_mounts
def test_a_killed_search_is_shown_with_the_rows_of_its_wal(mark, killed):
    code, out, err = show(mark, killed)
    assert (code, err) == (0, "")
    assert "3 individuals: 1 submitted, 2 finished" in out


@disks.requires_mounts
def test_a_search_that_runs_is_shown(tmp_path, mark):
    process = processes.start(mark, "search", *flags(tmp_path), TOY_SECONDS="9")
    processes.wait_for(lambda: in_flight(tmp_path, 1))
    code, out, err = show(mark, tmp_path)
    processes.kill(process)
    assert (code, err) == (0, "")
    assert "1 individuals: 1 submitted" in out


@disks.requires_mounts
def test_a_wal_that_cannot_be_read_there_is_answered_in_a_sentence(
    mark, killed
):
    (killed / "search.sqlite-shm").unlink()
    code, out, err = show(mark, killed)
    assert (code, out) == (1, "")
    assert err == (
        f"error: Expected the archive of a search at {killed}/search.sqlite. "
        "Received: its newest rows are in search.sqlite-wal, which SQLite only "
        "reads in a folder that can be written: copy this one\n"
    )
    shutil.copytree(killed, killed.parent / "copy")
    assert len(results(killed.parent / "copy")) == 3


@disks.requires_mounts
def test_a_search_does_not_go_on_there_and_says_why(mark, made):
    code, out, err = on_read_only(mark, made, "search", *flags(made))
    assert (code, out) == (1, "")
    assert err == (
        "error: Expected a workdir that can be written. "
        f"Received: {made}, on a read-only file system\n"
    )


@disks.requires_mounts
def test_no_workdir_is_made_there(tmp_path, mark):
    workdir = tmp_path / "runs" / "mine"
    code, out, err = on_read_only(mark, tmp_path, "search", *flags(workdir))
    assert (code, out) == (1, "")
    assert err == (
        f"error: Expected to make the workdir {workdir}. "
        "Received: Read-only file system\n"
    )


def test_a_search_goes_on_in_a_copy_of_its_folder(tmp_path, mark, made, killed):
    copy = tmp_path / "copy"
    shutil.copytree(killed, copy)
    code, out, err = processes.run(
        mark, "search", *flags(copy), TOY_SECONDS="0"
    )
    assert code == 0, err
    assert results(copy) == results(made)
    assert len(results(killed)) == 3
