import queue
import subprocess
import sys

import pytest

from hnas_tf import events, load_genotype
from hnas_tf.config import WorkersConfig
from hnas_tf.engines import Device, LocalEngine, Task, child_process, worker
from hnas_tf.errors import HnasError
from tests import toy

CONFIG = {"training": {"num_repeats": 2}}
GENOTYPE = load_genotype("liu2018")


def engine(name="ToyEvaluator", *, num_workers=1, **workers):
    return LocalEngine(
        f"tests.toy:{name}",
        CONFIG,
        find_devices=lambda: [Device("cpu", (n,)) for n in range(num_workers)],
        workers=WorkersConfig(**workers),
    )


def wait_for(kind, engine):
    """Returns the next event of a kind; what comes before must be ready."""
    while True:
        for event in engine.next_events():
            if isinstance(event, kind):
                return event
            assert isinstance(event, events.Ready)


def settle(engine, number, attempt=1):
    """Submits an individual, answers its questions, returns its end."""
    if not engine.num_idle:
        wait_for(events.Ready, engine)
    engine.submit(Task(number, attempt, GENOTYPE))
    while True:
        event = wait_for(object, engine)
        if not isinstance(event, events.Progress | events.Ready):
            return event
        if isinstance(event, events.Progress):
            engine.go_on(number, attempt)


@pytest.fixture
def troubled():
    with engine("TroubledEvaluator", candidate_timeout_seconds=1.0) as running:
        yield running


def test_nobody_is_idle_before_ready():
    with engine() as running:
        assert running.num_idle == 0
        ready = wait_for(events.Ready, running)
        assert ready.facts["precision"] == "exact"
        assert running.num_idle == 1


def test_a_candidate_is_evaluated():
    with engine() as running:
        finished = settle(running, 5)
    expected = (toy.fitness(GENOTYPE, 1), toy.fitness(GENOTYPE, 2))
    assert finished.accuracies == expected
    assert finished.individual == 5


def test_a_child_waits_for_its_answer():
    with engine() as running:
        wait_for(events.Ready, running)
        running.submit(Task(1, 1, GENOTYPE))
        first = wait_for(events.Progress, running)
        assert (first.repeat, first.curve) == (1, ((1, 1.0), (2, 0.5)))
        assert running._messages.empty()
        running.stop(1, 1)
        finished = wait_for(events.Finished, running)
    assert finished.accuracies == (toy.fitness(GENOTYPE, 1),)


def test_an_answer_to_nobody_is_refused():
    with engine() as running, pytest.raises(HnasError, match="individual 9"):
        running.go_on(9, 1)


@pytest.mark.parametrize(
    ("number", "reason", "words"),
    [
        (1, events.OTHER_ERROR, "ValueError: the reason in words"),
        (2, events.NOT_FINITE, "loss nan at step 3"),
        (3, events.OUT_OF_MEMORY, ""),
        (5, events.TIME_LIMIT, "more than 1 seconds"),
    ],
)
def test_a_failure_has_its_reason_and_the_worker_comes_back(
    troubled, number, reason, words
):
    failed = settle(troubled, number)
    assert isinstance(failed, events.Failed)
    assert failed.reason == reason
    assert words in failed.detail
    assert isinstance(settle(troubled, 100), events.Finished)


def test_a_dead_child_is_lost_and_replaced(troubled):
    lost = settle(troubled, 4)
    assert isinstance(lost, events.Lost)
    assert "exit code 7" in lost.detail
    assert isinstance(settle(troubled, 100), events.Finished)


def test_a_crashed_child_says_what_it_died_of(troubled):
    assert "signal 6" in settle(troubled, 7).detail
    assert isinstance(settle(troubled, 7, attempt=2), events.Finished)


def test_what_a_library_prints_disturbs_nobody(troubled):
    assert isinstance(settle(troubled, 6), events.Finished)


def test_a_child_is_recycled(tmp_path, monkeypatch):
    monkeypatch.setenv("TOY_PIDS", str(tmp_path))
    with engine("PidEvaluator", recycle_worker_after=2) as running:
        for number in range(1, 6):
            settle(running, number)
    pids = {
        int(path.name.split("-")[1]): path.name.split("-")[0]
        for path in tmp_path.iterdir()
    }
    assert pids[1] == pids[2]
    assert pids[3] == pids[4]
    assert len(set(pids.values())) == 3


def test_an_evaluator_that_cannot_be_made_is_unusable():
    with engine("Unusable") as running:
        unusable = wait_for(events.Unusable, running)
    assert unusable.reason == "RuntimeError: no such accelerator"


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
        assert isinstance(settle(running, 1), events.Finished)


def test_half_a_line_is_the_end_of_a_child(monkeypatch):
    def dying(environment):
        command = [sys.executable, "-c", "print('{\"kind\": ', end='')"]
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=pipe, text=True
        )

    monkeypatch.setattr(child_process, "_start", dying)
    messages = queue.Queue()
    child = child_process.ChildProcess({}, messages)
    assert messages.get(timeout=60) == (child, None)
    child.kill()
    assert "no JSON" in child.last_words()


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
    from tests import processes

    monkeypatch.setenv(processes.VARIABLE, mark)
    with engine("SlowEvaluator", num_workers=2) as running:
        wait_for(events.Ready, running)
        running.submit(Task(1, 1, GENOTYPE))
        assert len(processes.pids(mark)) == 2
    assert processes.pids(mark) == []
