"""A search on VMs that are lost: what a bucket has of it, and what goes on.

The bucket is a folder to which a `gcloud` of the test copies; all else is real.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tarfile

import pytest

from hnas_tf.archive import Archive
from tests import processes
from tests.test_crashes import flags, results
from tests.tpu.samples import calls, on_vm, real_python, remote_command, run

GCLOUD = """
import pathlib, shutil, sys

def place(name):
    bucket, _, path = name.removeprefix("gs://").partition("/")
    return pathlib.Path({buckets!r}) / bucket / path

def copy(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, new := target.with_name(target.name + ".new"))
    new.rename(target)  # As in a bucket, where it is there as a whole.

if not pathlib.Path({buckets!r}).exists():
    sys.exit("ERROR: permission denied")
match sys.argv[1:]:
    case ["storage", "objects", "list", name, "--format=value(name)"]:
        if place(name).exists():
            print(name)
    case ["storage", "cp", source, target] if source.startswith("gs://"):
        copy(place(source), pathlib.Path(target))
    case ["storage", "cp", source, target]:
        copy(pathlib.Path(source), place(target))
    case other:
        sys.exit(f"ERROR: unknown: {{other}}")
"""
WORKDIR = "runs/a b"
BACKUP = f"gs://mine/{WORKDIR}.tar.gz"


@pytest.fixture
def buckets(tmp_path):
    folder = tmp_path / "buckets"
    folder.mkdir()
    return folder


@pytest.fixture
def cloud(tmp_path, buckets, mark):
    """The environment of what runs on a VM."""
    fake = tmp_path / "fakes" / "gcloud"
    fake.parent.mkdir()
    code = GCLOUD.format(buckets=str(buckets))
    fake.write_text(f"#!{sys.executable}\n{code}")
    fake.chmod(0o755)
    return {
        "PATH": f"{fake.parent}:{os.environ['PATH']}",
        "BACKUPS": "gs://mine",
        processes.VARIABLE: mark,
    }


@pytest.fixture
def installed(vm):
    """A VM on which hnas_tf is installed."""
    real_python(vm)
    return vm


def another(vm):
    """Returns what is created in the place of a VM that is lost."""
    new = vm.parent / "another"
    shutil.copytree(vm, new, ignore=shutil.ignore_patterns("runs", "*.log"))
    return new


def search(*others):
    return [
        *("hnas_tf/tpu/vm/start.sh", "search"),
        *flags(WORKDIR),
        *("--backup_seconds=0", *others),
    ]


def start(vm, cloud, *others, **environment):
    """Starts a search; returns when it has ended, or run for 20 seconds."""
    command = " ".join(f"'{word}'" for word in search(*others))
    return on_vm(vm, command, **cloud, **environment)


def finish(vm, cloud, mark):
    """Starts a search, and has it end; returns all that was said."""
    result = start(vm, cloud, TOY_SECONDS="0")
    assert result.returncode == 0, result.stderr + result.stdout
    wait_until_all_end(mark)
    log = (vm / "hnas_tf" / "search.log").read_text()
    assert "The search is finished: 12 individuals" in log
    return result.stdout + log


def wait_until_all_end(mark):
    processes.wait_for(lambda: not processes.pids(mark))


@contextlib.contextmanager
def begun(vm, cloud, *others, **environment):
    """Has a search run meanwhile."""
    connection = subprocess.Popen(
        search(*others),
        cwd=vm,
        env={**os.environ, **cloud, **environment},
        stdout=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        connection.wait()


def in_bucket(buckets, folder):
    """Returns the individuals of the backup."""
    with tarfile.open(buckets / "mine" / f"{WORKDIR}.tar.gz") as packed:
        assert packed.getnames() == ["config.json", "search.sqlite"]
        packed.extractall(folder, filter="data")
    with Archive.open(folder) as archive:
        return archive.individuals()


def test_a_search_whose_vm_is_lost_goes_on_on_another(
    tmp_path, installed, buckets, cloud, mark
):
    undisturbed = tmp_path / "undisturbed"
    code, _, err = processes.run(
        mark, "search", *flags(undisturbed), TOY_SECONDS="0"
    )
    assert code == 0, err
    with begun(installed, cloud, TOY_SECONDS="2"):
        path = buckets / "mine" / f"{WORKDIR}.tar.gz"
        processes.wait_for(path.exists)
        for pid in processes.pids(mark):
            processes.kill_pid(pid)
    assert 1 <= len(in_bucket(buckets, tmp_path / "seen")) < 12
    new = another(installed)
    said = finish(new, cloud, mark)
    assert f"{WORKDIR} is what {BACKUP} had." in said
    assert results(new / "hnas_tf" / WORKDIR) == results(undisturbed)
    # And its last is in the bucket again.
    there = in_bucket(buckets, tmp_path / "last")
    with Archive.open(new / "hnas_tf" / WORKDIR) as archive:
        assert archive.individuals() == there


def test_whoever_ends_a_search_leaves_its_last_in_the_bucket(
    tmp_path, installed, buckets, cloud, mark
):
    workdir = installed / "hnas_tf" / WORKDIR
    snapshot = workdir.with_name("a b.backup") / "search.sqlite"
    with begun(installed, cloud, "--backup_seconds=3600", TOY_SECONDS="0.5"):
        processes.wait_for(snapshot.exists)
        # As a machine does that shuts down.
        for pid in processes.pids(mark):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
    wait_until_all_end(mark)
    log = installed / "hnas_tf" / "search.log"
    assert "Interrupted. To go on" in log.read_text()
    with Archive.open(workdir) as archive:
        assert archive.individuals() == in_bucket(buckets, tmp_path / "seen")


def test_a_workdir_whose_backups_go_there_is_left_alone(
    installed, buckets, cloud, mark
):
    finish(installed, cloud, mark)
    # What is older, and else would take its place.
    (buckets / "mine" / f"{WORKDIR}.tar.gz").write_text("")
    finish(installed, cloud, mark)


def test_two_states_of_a_search_are_not_mixed(installed, buckets, cloud, mark):
    finish(installed, cloud, mark)
    new = another(installed)
    (new / "hnas_tf" / WORKDIR).mkdir(parents=True)
    before = (buckets / "mine" / f"{WORKDIR}.tar.gz").read_bytes()
    result = start(new, cloud)
    assert result.returncode == 2
    assert result.stderr == (
        f"error: Expected {WORKDIR} on this VM, or {BACKUP}. Received: both, "
        "which may be two searches; move one of them, or set another WORKDIR\n"
    )
    assert list((new / "hnas_tf" / WORKDIR).iterdir()) == []
    assert not (new / "hnas_tf" / "search.log").exists()
    assert (buckets / "mine" / f"{WORKDIR}.tar.gz").read_bytes() == before


def test_nothing_starts_unless_it_is_known_whether_there_is_a_backup(
    installed, buckets, cloud
):
    buckets.rmdir()
    result = start(installed, cloud)
    assert result.returncode == 1
    assert result.stderr == "ERROR: permission denied\n"
    assert list((installed / "hnas_tf" / "runs").iterdir()) == []


def test_a_backup_that_is_cut_off_is_brought_again(
    installed, buckets, cloud, mark
):
    finish(installed, cloud, mark)
    path = buckets / "mine" / f"{WORKDIR}.tar.gz"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    new = another(installed)
    assert start(new, cloud).returncode != 0
    assert not (new / "hnas_tf" / WORKDIR).exists()
    path.write_bytes(whole)
    finish(new, cloud, mark)


def test_a_bucket_that_fails_is_told_of_and_the_search_goes_on(
    installed, buckets, cloud, mark
):
    # From the moment on when the search begins.
    python = installed / "hnas_tf" / ".venv-tpu" / "bin" / "python"
    lines = python.read_text().splitlines(keepends=True)
    broken = f"import shutil\nshutil.rmtree({str(buckets)!r})\n"
    python.write_text("".join([lines[0], broken, *lines[1:]]))
    words = f"warning: no backup in {BACKUP}; hnas_tf/backup.log says why\n"
    assert words in finish(installed, cloud, mark)
    log = installed / "hnas_tf" / "backup.log"
    assert set(log.read_text().splitlines()) == {"ERROR: permission denied"}


def test_a_wrong_flag_is_said_at_once_and_leaves_no_backup(
    installed, buckets, cloud, mark
):
    result = start(installed, cloud, "--num_steps=0")
    assert result.returncode == 1
    assert "`num_steps` must be at least 1" in result.stdout
    assert list(buckets.iterdir()) == []
    finish(installed, cloud, mark)


def test_the_bucket_of_the_settings_has_a_folder_for_every_vm(recorded):
    result = run(recorded, "search", BACKUP_BUCKET="gs://x/searches/")
    assert result.returncode == 0, result.stderr
    command = remote_command(calls(recorded)[0])
    assert "BACKUPS=gs://x/searches/mine hnas_tf/tpu/vm/start.sh" in command
