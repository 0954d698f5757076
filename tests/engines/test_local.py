"""What the local engine does beyond the protocol: its processes."""

import os
import queue
import signal
import subprocess
import sys

from hnas_tf import events
from hnas_tf.config import WorkersConfig
from hnas_tf.engines import Device, LocalEngine, child_process, worker
from tests import processes
from tests.engines.conversation import settle, task, wait_for

CONFIG = {"training": {"num_repeats": 2}}


def engine(name="ToyEvaluator", *, num_workers=1, **workers):
    return LocalEngine(
        f"tests.toy:{name}",
        CONFIG,
        find_devices=lambda: [Device("cpu", (n,)) for n in range(num_workers)],
        workers=WorkersConfig(**workers),
    )


def test_what_a_library_prints_disturbs_nobody():
    with engine("TroubledEvaluator") as running:
        assert isinstance(settle(running, task(6)), events.Finished)


def test_a_child_is_recycled(tmp_path, monkeypatch):
    monkeypatch.setenv("TOY_PIDS", str(tmp_path))
    with engine("PidEvaluator", recycle_worker_after=2) as running:
        for number in range(1, 6):
            settle(running, task(number))
    pids = {
        int(path.name.split("-")[1]): path.name.split("-")[0]
        for path in tmp_path.iterdir()
    }
    assert pids[1] == pids[2]
    assert pids[3] == pids[4]
    assert len(set(pids.values())) == 3


def test_a_child_that_never_gets_ready_is_unusable_in_the_end():
    with engine("DeadOnArrival") as running:
        unusable = wait_for(events.Unusable, running)
    assert "exit code 3" in unusable.reason


def test_a_child_that_hangs_at_its_start_is_given_up(monkeypatch):
    monkeypatch.setattr(worker, "START_SECONDS", 0.5)
    with engine("NeverReady") as running:
        unusable = wait_for(events.Unusable, running)
        assert running.num_workers == 0
    assert "not ready" in unusable.reason


def test_a_timeout_without_end_is_waited_for_in_turns():
    with engine(candidate_timeout_seconds=1e12) as running:
        assert isinstance(settle(running, task(1)), events.Finished)


def child_of(monkeypatch, program):
    """Starts a child that runs another program; returns its messages too."""

    def start(*arguments, **options):
        pipe = subprocess.PIPE
        return subprocess.Popen(
            [sys.executable, "-c", program],
            **{"stdin": pipe, "stdout": pipe, "stderr": pipe},
            text=True,
            start_new_session=True,
        )

    monkeypatch.setattr(child_process, "start_python", start)
    messages = queue.Queue()
    return child_process.ChildProcess({}, messages), messages


def test_half_a_line_is_the_end_of_a_child(monkeypatch):
    child, messages = child_of(monkeypatch, "print('{\"kind\": ', end='')")
    assert messages.get(timeout=60) == (child, None)
    child.kill()
    assert "no JSON" in child.last_words()


def test_only_who_was_killed_by_another_may_have_lacked_memory(monkeypatch):
    kill = "import os; os.kill(os.getpid(), 9)"
    child, messages = child_of(monkeypatch, kill)
    messages.get(timeout=60)
    child.kill()
    assert child.last_words() == (
        "The child ended with signal 9: the system may lack memory."
    )
    child, _ = child_of(monkeypatch, "import time; time.sleep(600)")
    child.kill()
    assert child.last_words() == "The child ended with signal 9."


def test_a_child_that_cannot_be_killed_is_waited_for_no_longer(
    monkeypatch, capsys
):
    child, _ = child_of(monkeypatch, "import time; time.sleep(600)")
    pid = child._process.pid
    with monkeypatch.context() as patch:
        patch.setattr(child_process, "_END_SECONDS", 0.1)
        patch.setattr(child_process.os, "killpg", lambda pid, number: None)
        child.kill()
    assert "has not ended" in child.last_words()
    assert f"warning: process {pid} does not end" in capsys.readouterr().err
    os.kill(pid, signal.SIGKILL)
    child._process.wait(timeout=60)


def test_a_child_whose_parent_died_in_mid_line_ends_too():
    process = subprocess.Popen(
        [sys.executable, "-m", "hnas_tf.engines.child"],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    process.stdin.write(b'{"kind": "st')
    process.stdin.close()
    assert process.wait(timeout=60) == 0


def test_leaving_the_engine_leaves_no_child(mark, monkeypatch):
    monkeypatch.setenv(processes.VARIABLE, mark)
    with engine("SlowEvaluator", num_workers=2) as running:
        wait_for(events.Ready, running)
        running.submit(task(1))
        assert len(processes.pids(mark)) == 2
    assert processes.pids(mark) == []


def test_a_process_that_keeps_the_pipes_of_a_child_is_not_waited_for(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("TOY_PIDS", str(tmp_path))
    monkeypatch.setattr(child_process, "_END_SECONDS", 0.1)
    with engine("Deserted") as running:
        assert isinstance(settle(running, task(1)), events.Finished)
    (path,) = tmp_path.iterdir()
    os.kill(int(path.name), signal.SIGKILL)  # It lives.
