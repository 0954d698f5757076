"""Programs of ours started by a test, and what becomes of them."""

import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import time
import uuid

VARIABLE = "HNAS_TF_TEST_MARK"
BOUND_SECONDS = 5.0


def new_mark():
    return uuid.uuid4().hex


def environment(mark, **others):
    """Returns that of a program whose children can be found by the mark."""
    return {**os.environ, VARIABLE: mark, **others}


def start(mark, program, *flags, **others):
    """Starts a program whose children can be found by the mark."""
    arguments = ["-m", f"hnas_tf.{program}", *map(str, flags)]
    return start_python(mark, *arguments, **others)


def start_python(mark, *arguments, **others):
    """Starts Python likewise."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        env=environment(mark, **others),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(mark, program, *flags, timeout=300, **environment):
    """Runs a program to its end; returns exit code, stdout and stderr."""
    process = start(mark, program, *flags, **environment)
    out, err = process.communicate(timeout=timeout)
    return process.returncode, out, err


def kill(process):
    """Kills a program with -9, and reads what is left in its pipes."""
    process.kill()
    process.communicate()


def kill_pid(pid):
    """Kills a process with -9, unless it has ended."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def pids(mark):
    """Returns the processes that were started with the mark and are alive."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            environment = (entry / "environ").read_bytes()
            is_dead = ") Z " in (entry / "stat").read_text()
        except OSError:
            continue
        if f"{VARIABLE}={mark}".encode() in environment and not is_dead:
            found.append(int(entry.name))
    return found


def wait_until_gone(mark):
    """Fails if a process with the mark is alive after the bound."""
    wait_for(lambda: not pids(mark), seconds=BOUND_SECONDS)


def wait_for(condition, *, seconds=60.0):
    """Waits until a condition holds; fails if it never does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came to pass"
        time.sleep(0.01)
