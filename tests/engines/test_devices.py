"""What a search finds to compute on, and how it is shared out."""

import os

import pytest

from hnas_tf.config import DevicesConfig, WorkersConfig
from hnas_tf.engines import devices
from hnas_tf.engines.devices import Device, find_devices
from hnas_tf.errors import HnasError

LOCAL, NAMED = DevicesConfig(tpu="local"), DevicesConfig(tpu="my-tpu")


def found(num_gpus=0, *, tpu=None, **workers):
    return find_devices(
        WorkersConfig(**workers),
        tpu or DevicesConfig(),
        count_gpus=lambda: num_gpus,
    )


@pytest.fixture
def chips(tmp_path, monkeypatch):
    """Makes the files of so many chips, of an old or a new generation."""

    def make(number, name="accel"):
        patterns = (f"{tmp_path}/accel[0-9]*", f"{tmp_path}/vfio[0-9]*")
        monkeypatch.setattr(devices, "_TPU_FILES", patterns)
        # It is there on every machine that has the driver.
        (tmp_path / "vfio").touch()
        for chip in range(number):
            (tmp_path / f"{name}{chip}").touch()

    return make


@pytest.mark.parametrize(
    ("num_gpus", "workers", "expected"),
    [
        (1, {}, [(0,)]),
        (3, {}, [(0,), (1,), (2,)]),
        (2, {"workers_per_device": 2}, [(0,), (1,), (0,), (1,)]),
        (2, {"num_workers": 1}, [(0,)]),
        (2, {"num_workers": 3}, [(0,), (1,), (0,)]),
        (4, {"devices_per_candidate": 2}, [(0, 1), (2, 3)]),
        # One is left over.
        (5, {"devices_per_candidate": 2}, [(0, 1), (2, 3)]),
        (3, {"devices_per_candidate": 3}, [(0, 1, 2)]),
    ],
)
def test_gpus_are_shared_out(num_gpus, workers, expected):
    assert found(num_gpus, **workers) == [Device("gpu", n) for n in expected]


def test_without_an_accelerator_there_is_a_worker_a_core():
    cores = len(os.sched_getaffinity(0))
    assert found() == [Device("cpu", (n,)) for n in range(cores)]
    assert found(num_workers=3) == [Device("cpu", (n,)) for n in range(3)]


@pytest.mark.parametrize(
    ("number", "workers", "expected"),
    [
        (1, {}, [(0,)]),
        (4, {}, [(0,), (1,), (2,), (3,)]),
        (4, {"num_workers": 2}, [(0,), (1,)]),
        (4, {"devices_per_candidate": 2}, [(0, 1), (2, 3)]),
        (4, {"devices_per_candidate": 4}, [(0, 1, 2, 3)]),
        (8, {"devices_per_candidate": 8}, [tuple(range(8))]),
        (8, {"devices_per_candidate": 4}, [(0, 1, 2, 3), (4, 5, 6, 7)]),
    ],
)
@pytest.mark.parametrize("name", ["accel", "vfio"])
def test_chips_are_shared_out(chips, number, workers, expected, name):
    chips(number, name)
    assert found(tpu=LOCAL, **workers) == [Device("tpu", n) for n in expected]


def test_a_named_tpu_is_one_device_without_numbers(chips):
    chips(4)
    assert found(2, tpu=NAMED) == [Device("tpu", ())]
    assert found(2, tpu=NAMED, num_workers=1) == [Device("tpu", ())]


def test_a_named_tpu_has_one_worker(chips):
    chips(4)
    with pytest.raises(HnasError, match="Expected one worker for a TPU that"):
        found(2, tpu=NAMED, num_workers=2)


def test_no_tpu_says_what_was_looked_for(chips, tmp_path):
    chips(0)
    with pytest.raises(HnasError) as raised:
        found(2, tpu=LOCAL)
    assert "the chips of a TPU VM, for --tpu=local" in str(raised.value)
    assert f"none of {tmp_path}/accel[0-9]*, {tmp_path}/vfio" in str(
        raised.value
    )


@pytest.mark.parametrize(
    ("num_gpus", "num_chips", "workers", "words"),
    [
        (0, 0, {"devices_per_candidate": 2}, "1 or more of 0 GPUs"),
        (2, 0, {"devices_per_candidate": 3}, "1 or more of 2 GPUs"),
        (0, 4, {"devices_per_candidate": 3}, "1, 2, 4 or 8 of 4 TPUs"),
        (0, 4, {"devices_per_candidate": 8}, "devices_per_candidate=8"),
        (0, 4, {"workers_per_device": 2}, "one worker on a TPU chip"),
        (0, 4, {"num_workers": 5}, "at most 4 workers, one on a TPU chip"),
    ],
)
def test_what_there_is_not_is_refused(
    chips, num_gpus, num_chips, workers, words
):
    chips(num_chips)
    with pytest.raises(HnasError, match=words):
        found(num_gpus, tpu=LOCAL if num_chips else None, **workers)
