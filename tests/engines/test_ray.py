"""What the Ray engine does beyond the protocol, on a Ray of this machine."""

import os
import signal
from pathlib import Path

import pytest

from hnas_tf import events
from hnas_tf.config import (
    ClusterConfig,
    DevicesConfig,
    SearchConfig,
    WorkersConfig,
)
from hnas_tf.engines import make_engine
from hnas_tf.errors import HnasError, InvalidError
from tests import processes, rays
from tests.engines.conversation import await_idle, settle, task
from tests.engines.sockets import listened

pytestmark = rays.needs_ray

MARK = processes.new_mark()


@pytest.fixture(scope="module")
def engine():
    config = SearchConfig(
        evaluator="tests.toy:TroubledEvaluator",
        workers=WorkersConfig(num_workers=1),
        cluster=ClusterConfig(engine="ray", cpus_per_worker=0.5),
    )
    with rays.environment(MARK), make_engine(config) as running:
        yield running


def pid_of(words):
    """Returns the process whose command contains something."""
    (found,) = (
        pid
        for pid in processes.pids(MARK)
        if words in Path(f"/proc/{pid}/cmdline").read_bytes().decode()
    )
    return found


def test_of_a_dead_child_it_is_known_where_it_was(engine):
    lost = settle(engine, task(4))
    assert "127.0.0.1: The child ended with exit code 7" in lost.detail


def test_a_supervisor_that_is_killed_is_lost_with_its_child(engine):
    await_idle(engine)
    engine.submit(task(5))  # It sleeps.
    child = pid_of("hnas_tf.engines.child")
    os.kill(pid_of("ray::Supervisor"), signal.SIGKILL)
    (lost,) = engine.next_events()
    assert isinstance(lost, events.Lost)
    assert "Its supervisor died: The actor is dead because" in lost.detail
    assert not lost.is_preempted
    processes.wait_for(lambda: child not in processes.pids(MARK), seconds=5.0)
    assert isinstance(settle(engine, task(103)), events.Finished)


def test_it_listens_on_the_loopback_address_alone(engine):
    await_idle(engine)
    addresses = listened([os.getpid(), *processes.pids(MARK)])
    assert len(addresses) > 3
    assert all(address.is_loopback for address in addresses), addresses


def test_a_ray_that_others_could_reach_is_refused(engine, monkeypatch):
    await_idle(engine)
    from hnas_tf.engines import ray_cluster

    monkeypatch.setattr(ray_cluster.ray, "shutdown", lambda: None)
    with pytest.raises(HnasError, match="loopback address.* 192.0.2.7"):
        ray_cluster._require_loopback("192.0.2.7")


def test_it_is_looked_after_the_head_and_this_machine(engine):
    await_idle(engine)
    assert len(engine._health._addresses) == 2
    assert engine._health.look()


def test_a_client_from_outside_of_the_cluster_is_refused(engine):
    await_idle(engine)
    from hnas_tf.engines import ray_cluster

    outside = ClusterConfig(engine="ray", ray_address="ray://127.0.0.1:10001")
    with pytest.raises(HnasError, match=r"HOST:PORT.*=ray://127.0.0.1:10001"):
        ray_cluster.connect(outside)


def test_pictures_that_ray_cannot_keep_are_a_sentence(
    engine, tmp_path, monkeypatch
):
    await_idle(engine)
    from hnas_tf.engines import ray_engine

    def is_full(files):
        raise ray_engine.ray.exceptions.ObjectStoreFullError("no room")

    (tmp_path / "train.npy").write_bytes(bytes(1234))
    monkeypatch.setattr(ray_engine.ray, "put", is_full)
    with pytest.raises(HnasError, match="the 1,234 bytes.* no room"):
        ray_engine._put(tmp_path)


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


def test_pictures_are_on_the_disk_before_their_folder_is_there(
    engine, tmp_path, monkeypatch
):
    await_idle(engine)
    from hnas_tf.engines import ray_supervisor

    synced, sync = [], os.fsync

    def noted(descriptor):
        assert list(tmp_path.glob("*/abc")) == []
        synced.append(os.fstat(descriptor).st_ino)
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    monkeypatch.setattr(ray_supervisor.tempfile, "tempdir", str(tmp_path))
    data = {"prepared_dir": "/no/such/folder", "fingerprint": "abc"}
    files = {"train.npy": b"1", "description.json": b"{}"}
    ray_supervisor._bring_pictures(data, files)
    (folder,) = tmp_path.glob("*/abc")
    assert {path.stat().st_ino for path in folder.iterdir()} == set(synced)
    assert len(synced) == 2


def test_a_folder_that_another_user_may_have_made_is_not_used(
    engine, tmp_path, monkeypatch
):
    await_idle(engine)
    from hnas_tf.engines import ray_supervisor

    monkeypatch.setattr(ray_supervisor.tempfile, "tempdir", str(tmp_path))
    (tmp_path / "elsewhere").mkdir()
    guessed = tmp_path / f"hnas_tf-{os.getuid()}"
    guessed.symlink_to(tmp_path / "elsewhere")
    data = {"prepared_dir": "/no/such/folder", "fingerprint": "abc"}
    ray_supervisor._bring_pictures(data, {"train.npy": b"1"})
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert (Path(data["prepared_dir"]) / "abc" / "train.npy").is_file()


def test_the_machine_of_the_search_reads_its_own_files(engine, tmp_path):
    await_idle(engine)
    from hnas_tf.engines import ray_supervisor

    (tmp_path / "abc").mkdir()
    data = {"prepared_dir": str(tmp_path), "fingerprint": "abc"}
    ray_supervisor._bring_pictures(data, {"train.npy": b"1"})
    assert data["prepared_dir"] == str(tmp_path)


@pytest.mark.parametrize(("chips", "tpu"), [(1, ""), (0, "local")])
def test_chips_are_reserved_if_they_are_trained_on(engine, chips, tpu):
    await_idle(engine)
    config = SearchConfig(
        devices=DevicesConfig(tpu=tpu),
        cluster=ClusterConfig(engine="ray", tpu_chips_per_worker=chips),
    )
    with pytest.raises(InvalidError, match=f"tpu_chips_per_worker={chips}"):
        make_engine(config)


def test_a_machine_that_cannot_take_the_pictures_says_so(
    engine, tmp_path, monkeypatch
):
    await_idle(engine)  # Ray is imported.
    from hnas_tf.engines import ray_supervisor

    monkeypatch.setattr(
        ray_supervisor.tempfile, "gettempdir", lambda: tmp_path / "gone"
    )
    supervisor = ray_supervisor.Supervisor("cpu", 1, {"train.npy": b"1"})
    data = {"prepared_dir": "/no/such/folder", "fingerprint": "abc"}
    supervisor.send(
        {"kind": "start", "worker": 3, "config": {"data": data}},
    )
    said, last_words = [], None
    while last_words is None:
        heard, last_words = supervisor.listen()
        said += heard
    assert [(m["kind"], m["worker"]) for m in said] == [("unusable", 3)]
    assert "No pictures: " in said[0]["reason"]
