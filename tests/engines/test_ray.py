"""The Ray engine, on a real Ray of this machine."""

import importlib.util
import os
import signal
from pathlib import Path

import pytest

from hnas_tf import events, load_genotype
from hnas_tf.config import ClusterConfig, SearchConfig, WorkersConfig
from hnas_tf.engines import Task, choice, make_engine
from hnas_tf.errors import HnasError
from tests import processes, toy
from tests.engines.sockets import listened

pytestmark = pytest.mark.skipif(
    # Importing it would be too early: the engine says first how it listens.
    importlib.util.find_spec("ray") is None,
    reason="pip install 'hnas_tf[ray]'",
)

GENOTYPE = load_genotype("liu2018")
MARK = processes.new_mark()


def config(evaluator="TroubledEvaluator", *, num_workers=1):
    return SearchConfig(
        evaluator=f"tests.toy:{evaluator}",
        workers=WorkersConfig(num_workers=num_workers),
        cluster=ClusterConfig(engine="ray", cpus_per_worker=0.5),
    )


@pytest.fixture(scope="module")
def engine():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(processes.VARIABLE, MARK)
        # What it tells Ray is taken back with it.
        for name, value in choice._environment("").items():
            patch.setenv(name, value)
        with make_engine(config()) as running:
            yield running


def await_idle(engine):
    while not engine.num_idle:
        assert all(isinstance(e, events.Ready) for e in engine.next_events())


def settle(engine, number):
    """Submits an individual, answers its questions, returns its end."""
    await_idle(engine)
    engine.submit(Task(number, 1, GENOTYPE))
    while True:
        for event in engine.next_events():
            if not isinstance(event, events.Progress):
                return event
            engine.go_on(number, 1)


def pid_of(words):
    """Returns the process whose command contains something."""
    (found,) = (
        pid
        for pid in processes.pids(MARK)
        if words in Path(f"/proc/{pid}/cmdline").read_bytes().decode()
    )
    return found


def test_a_candidate_is_evaluated(engine):
    expected = tuple(toy.fitness(GENOTYPE, n) for n in (1, 2, 3, 4))
    assert settle(engine, 100).accuracies == expected


def test_a_failure_has_its_reason(engine):
    assert settle(engine, 2).reason == events.NOT_FINITE
    assert isinstance(settle(engine, 101), events.Finished)


def test_a_dead_child_is_lost_and_replaced(engine):
    lost = settle(engine, 4)
    assert isinstance(lost, events.Lost)
    assert "127.0.0.1: The child ended with exit code 7" in lost.detail
    assert not lost.is_preempted
    assert isinstance(settle(engine, 102), events.Finished)


def test_a_supervisor_that_is_killed_is_lost_with_its_child(engine):
    await_idle(engine)
    engine.submit(Task(5, 1, GENOTYPE))  # It sleeps.
    child = pid_of("hnas_tf.engines.child")
    os.kill(pid_of("ray::Supervisor"), signal.SIGKILL)
    (lost,) = engine.next_events()
    assert isinstance(lost, events.Lost)
    assert "Its machine was lost" in lost.detail
    processes.wait_for(lambda: child not in processes.pids(MARK), seconds=5.0)
    assert isinstance(settle(engine, 103), events.Finished)


def test_it_listens_on_the_loopback_address_alone(engine):
    await_idle(engine)
    addresses = listened([os.getpid(), *processes.pids(MARK)])
    assert len(addresses) > 3
    assert all(address.is_loopback for address in addresses), addresses


def test_a_ray_that_others_could_reach_is_refused(engine, monkeypatch):
    await_idle(engine)
    from hnas_tf.engines import ray_engine

    monkeypatch.setattr(ray_engine.ray, "shutdown", lambda: None)
    with pytest.raises(HnasError, match="loopback address.* 192.0.2.7"):
        ray_engine._require_loopback("192.0.2.7")


def test_it_is_looked_after_the_head_and_this_machine(engine):
    await_idle(engine)
    assert len(engine._health._addresses) == 2
    assert engine._health.look()


def test_a_client_from_outside_of_the_cluster_is_refused(engine):
    await_idle(engine)
    from hnas_tf.engines import ray_engine

    outside = ClusterConfig(engine="ray", ray_address="ray://127.0.0.1:10001")
    with pytest.raises(HnasError, match=r"HOST:PORT.*=ray://127.0.0.1:10001"):
        ray_engine._connect(outside)


def test_nobody_waits_for_longer_than_is_asked(engine):
    await_idle(engine)
    assert engine.next_events(0.1) == []


def test_pictures_reach_a_machine_once(engine, tmp_path, monkeypatch):
    await_idle(engine)  # Ray is imported.
    from hnas_tf.engines import ray_supervisor

    monkeypatch.setattr(ray_supervisor.tempfile, "gettempdir", lambda: tmp_path)
    files = {"train.npy": b"1", "description.json": b"{}"}
    for _ in range(2):
        data = {"prepared_dir": "/no/such/folder", "fingerprint": "abc"}
        ray_supervisor._bring_pictures(data, files)
        folder = Path(data["prepared_dir"])
        assert folder.parent == tmp_path
        assert {
            path.name: path.read_bytes() for path in (folder / "abc").iterdir()
        } == files
        assert [path.name for path in folder.iterdir()] == ["abc"]
        files = {name: files[name] for name in reversed(files)}


def test_the_machine_of_the_search_reads_its_own_files(engine, tmp_path):
    await_idle(engine)
    from hnas_tf.engines import ray_supervisor

    (tmp_path / "abc").mkdir()
    data = {"prepared_dir": str(tmp_path), "fingerprint": "abc"}
    ray_supervisor._bring_pictures(data, {"train.npy": b"1"})
    assert data["prepared_dir"] == str(tmp_path)
