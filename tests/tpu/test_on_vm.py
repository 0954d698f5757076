"""What the scripts of tpu/ do on the VM, run here in a folder of the test."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import tarfile

import pytest

from hnas_tf.archive import Archive, open_search
from tests import processes
from tests.archive.samples import CONFIG, fill
from tests.tpu.samples import (
    AWKWARD,
    calls,
    on_vm,
    program,
    real_python,
    remote_command,
    run,
)


def test_what_is_typed_reaches_the_program_word_for_word(recorded, vm):
    program(vm, "import json, sys\nprint(json.dumps(sys.argv[1:]))\n")
    result = run(recorded, "search", *AWKWARD, "--workdir=runs/a b")
    assert result.returncode == 0, result.stderr
    result = on_vm(vm, remote_command(calls(recorded)[0]))
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout) == [
        "-m",
        "hnas_tf.search",
        "--flagfile=flags/cifar10_search.flags",
        *AWKWARD,
        "--workdir=runs/a b",
        "--tpu=local",
    ]
    log = vm / "hnas_tf" / "search.log"
    assert log.read_text() == result.stdout


def test_a_dry_run_can_be_pasted_into_a_shell(recorded):
    printed = run(recorded, "search", "--dry-run", *AWKWARD).stdout
    path = f"{recorded}/bin:{os.environ['PATH']}"
    environment = os.environ | {"PATH": path}
    subprocess.run(["bash", "-c", printed], env=environment, check=True)
    assert run(recorded, "search", *AWKWARD).returncode == 0
    pasted, run_itself = calls(recorded)
    assert pasted == run_itself


def test_a_recipe_of_the_user_takes_the_place_of_ours(recorded):
    run(recorded, "search", "--flagfile=flags/digits_search.flags")
    command = remote_command(calls(recorded)[0])
    assert shlex.split(command)[5:] == [
        "--flagfile=flags/digits_search.flags",
        "--workdir=runs/cifar10",
        "--tpu=local",
    ]


def test_a_program_that_ends_at_once_ends_the_script_with_its_code(vm):
    program(vm, "import sys\nsys.exit('error: the workdir is in use')\n")
    start = "hnas_tf/tpu/vm/start.sh search"
    for _ in range(2):
        result = on_vm(vm, start)
        assert result.returncode == 1
        assert result.stdout == "error: the workdir is in use\n"
    log = vm / "hnas_tf" / "search.log"
    assert log.read_text() == 2 * "error: the workdir is in use\n"


def test_a_search_outlives_the_connection(vm, mark):
    pid_file, fifo = vm / "pid", vm / "fifo"
    os.mkfifo(fifo)
    program(
        vm,
        "import os, pathlib\n"
        f"pathlib.Path({str(pid_file)!r}).write_text(f'{{os.getpid()}}\\n')\n"
        f"print(pathlib.Path({str(fifo)!r}).read_text())\n",
    )
    connection = subprocess.Popen(
        ["bash", "-c", "hnas_tf/tpu/vm/start.sh search"],
        cwd=vm,
        env={**os.environ, processes.VARIABLE: mark},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    processes.wait_for(
        lambda: pid_file.exists() and pid_file.read_text().endswith("\n")
    )
    os.killpg(connection.pid, signal.SIGHUP)
    connection.wait(timeout=60)
    assert int(pid_file.read_text()) in processes.pids(mark)
    fifo.write_text("still here")
    log = vm / "hnas_tf" / "search.log"
    processes.wait_for(lambda: log.read_text() == "still here\n")


def test_a_data_disk_without_a_file_system_is_answered_in_a_sentence(vm):
    program(vm, "raise SystemExit('started')\n")
    command = "env DATA_DISK=disk hnas_tf/tpu/vm/start.sh search"
    result = on_vm(vm, command)
    assert result.returncode == 2
    assert result.stderr == (
        "error: Expected a disk with a file system labelled hnas_tf; "
        "tpu/README.md says how to make it. "
        "Received: DATA_DISK=disk without it\n"
    )


def test_what_is_fetched_holds_the_rows_that_are_not_in_the_database_yet(vm):
    real_python(vm)
    workdir = vm / "hnas_tf" / "runs" / "a b"
    (workdir / "best").mkdir(parents=True)
    (workdir / "best" / "genotype.json").write_text("{}")
    with open_search(workdir, CONFIG) as running:
        fill(running, 3)
        for _ in range(2):
            result = on_vm(vm, "hnas_tf/tpu/vm/pack.sh 'runs/a b/'")
            assert result.returncode == 0, result.stderr
    with tarfile.open(vm / "hnas_tf" / "packed.tar.gz") as packed:
        packed.extractall(vm, filter="data")
    assert not (vm / "hnas_tf" / "packed").exists()
    fetched = vm / "a b"
    assert sorted(
        str(path.relative_to(fetched))
        for path in fetched.rglob("*")
        if path.is_file()
    ) == ["best/genotype.json", "config.json", "search.sqlite"]
    with Archive.open(fetched) as copy:
        assert copy.num_individuals() == 3


def test_an_archive_that_cannot_be_copied_is_answered_in_a_sentence(vm):
    real_python(vm)
    workdir = vm / "hnas_tf" / "runs" / "x"
    workdir.mkdir(parents=True)
    (workdir / "search.sqlite").write_text("no database" * 99)
    result = on_vm(vm, "hnas_tf/tpu/vm/pack.sh runs/x")
    assert result.returncode == 1
    assert result.stderr.startswith("error: Expected to copy the search in ")
    assert "Traceback" not in result.stderr


def test_fetching_a_folder_that_is_not_there_is_answered_in_a_sentence(vm):
    result = on_vm(vm, "hnas_tf/tpu/vm/pack.sh runs/none")
    assert result.returncode == 2
    assert result.stderr == (
        "error: Expected a folder on the VM. Received: --workdir=runs/none\n"
    )


@pytest.mark.parametrize(
    ("has", "installed", "python"),
    [
        (("python3.12", "make"), [], "python3.12"),
        (("make",), ["python3.11", "python3.11-venv"], "python3.11"),
    ],
)
def test_the_vm_is_given_a_python_that_we_support(
    tmp_path, vm, has, installed, python
):
    fakes, note = tmp_path / "fakes", tmp_path / "note"
    fakes.mkdir()
    for name in (*has, "sudo", "apt-cache"):
        fake = fakes / name
        fake.write_text(f'#!/bin/bash\necho {name} "$@" >>{note}\n')
        fake.chmod(0o755)
    for name in ("bash", "dirname"):
        (fakes / name).symlink_to(shutil.which(name))
    if "make" in has:
        (fakes / "make").write_text(f'#!/bin/bash\necho make "$@" >>{note}\n')
    result = subprocess.run(
        ["bash", "hnas_tf/tpu/vm/install.sh"],
        cwd=vm,
        env={"PATH": str(fakes)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 0, result.stderr
    lines = note.read_text().splitlines()
    assert lines[-1] == f"make install TENSORFLOW=tpu PYTHON={python}"
    asked = [
        line.split("--yes ")[1] for line in lines if " install --y" in line
    ]
    assert asked == ([" ".join(installed)] if installed else [])
