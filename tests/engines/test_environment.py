"""What a child is told of its device, and what the user knows better."""

import pytest

from hnas_tf.engines.devices import Device
from hnas_tf.engines.environment import (
    child_environment,
    tpu_environment,
    training_environment,
)

TPU_NAMES = (
    "TPU_NAME",
    "PJRT_DEVICE",
    "NEXT_PLUGGABLE_DEVICE_USE_C_API",
    "TF_XLA_FLAGS",
    "TF_PLUGGABLE_DEVICE_LIBRARY_PATH",
)


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    for name in ("CUDA_VISIBLE_DEVICES", "TPU_SKIP_MDS_QUERY", *TPU_NAMES):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def libtpu(tmp_path, monkeypatch):
    """A package of that name that Python finds."""
    (tmp_path / "libtpu").mkdir()
    (tmp_path / "libtpu" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    return str(tmp_path / "libtpu" / "libtpu.so")


def environment(kind, *numbers, threads=1):
    return child_environment(Device(kind, numbers), threads=threads)


@pytest.mark.parametrize("kind", ["cpu", "gpu", "tpu"])
def test_every_child_has_its_threads_and_the_rest(kind, monkeypatch):
    monkeypatch.setenv("SOMETHING_ELSE", "kept")
    found = environment(kind, 0, threads=3)
    assert found["OMP_NUM_THREADS"] == "3"
    assert found["SOMETHING_ELSE"] == "kept"
    assert found["KERAS_BACKEND"] == "tensorflow"
    assert found["TF_ENABLE_ONEDNN_OPTS"] == "1"


def test_on_a_cpu_no_gpu_is_seen_whatever_the_user_sees(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1")
    found = environment("cpu", 0)
    assert found["CUDA_VISIBLE_DEVICES"] == "-1"
    assert found["TPU_SKIP_MDS_QUERY"] == "1"


@pytest.mark.parametrize(
    ("visible", "numbers", "expected"),
    [
        (None, (1,), "1"),
        (None, (2, 3), "2,3"),
        ("4,6", (0,), "4"),
        ("4,6", (1,), "6"),
        ("4, 6", (1,), "6"),
        ("4,6,7", (1, 2), "6,7"),
        ("GPU-8932f937,GPU-a1b2", (1,), "GPU-a1b2"),
    ],
)
def test_the_gpus_that_the_user_sees_are_shared_out(
    monkeypatch, visible, numbers, expected
):
    if visible is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    found = environment("gpu", *numbers)
    assert found["CUDA_VISIBLE_DEVICES"] == expected
    assert found["TF_FORCE_GPU_ALLOW_GROWTH"] == "true"


@pytest.mark.parametrize(
    ("numbers", "visible", "bounds"),
    [
        ((2,), "2", "1,1,1"),
        ((2, 3), "2,3", "1,2,1"),
        ((0, 1, 2, 3), "0,1,2,3", "2,2,1"),
        (range(8), "0,1,2,3,4,5,6,7", "2,4,1"),
    ],
)
def test_a_child_sees_its_chips_alone(numbers, visible, bounds):
    found = environment("tpu", *numbers)
    assert found["TPU_VISIBLE_CHIPS"] == visible
    assert found["TPU_CHIPS_PER_PROCESS_BOUNDS"] == bounds
    assert found["TPU_PROCESS_BOUNDS"] == "1,1,1"
    assert found["TPU_NAME"] == "local"
    assert found["CUDA_VISIBLE_DEVICES"] == "-1"
    assert "TPU_SKIP_MDS_QUERY" not in found


def test_a_named_tpu_is_left_as_it_is(libtpu):
    found = environment("tpu")
    assert found["CUDA_VISIBLE_DEVICES"] == "-1"
    assert not {"TPU_VISIBLE_CHIPS", *TPU_NAMES} & found.keys()
    assert not set(TPU_NAMES) & training_environment("my-tpu").keys()


def test_the_library_is_named_where_there_is_one(libtpu):
    for found in (tpu_environment(), environment("tpu", 0)):
        assert found["TF_PLUGGABLE_DEVICE_LIBRARY_PATH"] == libtpu
        assert found["PJRT_DEVICE"] == "TPU"


@pytest.mark.parametrize("name", TPU_NAMES)
def test_what_the_user_has_set_wins(monkeypatch, libtpu, name):
    monkeypatch.setenv(name, "mine")
    for found in (
        tpu_environment(),
        training_environment("local"),
        environment("tpu", 0),
    ):
        assert found[name] == "mine"
        assert len(set(found.values()) & {"local", "TPU", libtpu}) >= 2


def test_a_training_looks_for_a_tpu_only_where_one_is_wanted():
    assert training_environment("")["TPU_SKIP_MDS_QUERY"] == "1"
    assert "TPU_SKIP_MDS_QUERY" not in training_environment("local")
