"""Two replicas that share a batch, and one device that has all of it."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
# Of Keras 3.15 under NumPy 2.4, where it reads a variable to save it.
IGNORED = "ignore:__array__ implementation:DeprecationWarning"


@pytest.fixture(scope="module")
def steps():
    """Returns what `two_replicas` found, in a fresh process."""
    module = "tests.networks.two_replicas"
    found = subprocess.run(
        [sys.executable, "-W", "error", "-W", IGNORED, "-m", module],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)


def assert_close(found, expected):
    size = np.abs(expected).max()
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-4 * size)


def differ(found, expected):
    gap = np.abs(np.subtract(found, expected)).max()
    return gap > 1e-4 * np.abs(expected).max()


def test_synchronized_replicas_do_what_one_device_does(steps):
    found, whole = steps["synchronized"]["step"], steps["whole"]
    assert found.keys() == whole.keys()
    for name, expected in whole.items():
        assert_close(found[name], expected)


def test_synchronized_replicas_do_so_in_bfloat16_to_its_few_digits(steps):
    found, whole = steps["bfloat16"]
    for name, expected in whole.items():
        if not name.startswith("gradient"):
            error = np.linalg.norm(np.subtract(found[name], expected))
            assert error < 0.03 * np.linalg.norm(expected), name


def test_replicas_by_themselves_do_what_each_half_of_the_batch_does(steps):
    found, halves = steps["per_replica"]["step"], steps["halves"]
    for name, value in found.items():
        first, second = (np.array(half[name]) for half in halves)
        if name == "logits":
            assert_close(value, np.concatenate([first, second]))
        elif name.startswith("gradient"):
            assert_close(value, first + second)
        else:
            assert_close(value, (first + second) / 2)


def test_replicas_by_themselves_differ_from_one_device(steps):
    found, whole = steps["per_replica"]["step"], steps["whole"]
    # Alike are the sum over the batch and the mean of the first layer.
    alike = {name for name in whole if not differ(found[name], whole[name])}
    assert alike == {
        "gradient of head.dense/bias",
        "stem.conv_3x3.batch_norm_relu/moving_mean",
    }


@pytest.mark.parametrize("statistics", ["synchronized", "per_replica"])
def test_weights_are_read_and_saved_outside_of_the_replicas(steps, statistics):
    logits, loaded, copied = steps[statistics]["copies"]
    assert np.std(logits) > 0
    assert logits == loaded == copied
