"""A training on two devices is the one on one device, up to rounding."""

import subprocess
import sys

import numpy as np
import pytest

from tests.training.streams import NUM_PICTURES

KINDS = pytest.mark.parametrize("kind", ["resident", "streamed"])


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Returns what `two_devices` found, in a fresh process."""
    path = tmp_path_factory.mktemp("two_devices") / "found.npz"
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.training.two_devices"]
        + [str(path)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    with np.load(path) as arrays:
        return dict(arrays)


def both(found, kind):
    """Yields a name, and what one device and two have under it."""
    start = f"{kind}/one/"
    for name in found:
        if name.startswith(start):
            key = name.removeprefix(start)
            yield key, found[name], found[f"{kind}/two/{key}"]


@KINDS
def test_losses_and_accuracies_are_equal(found, kind):
    one, two = (found[f"{kind}/{name}/figures"] for name in ("one", "two"))
    assert len(one) == 3 and np.ptp(one[:, 0]) > 0
    np.testing.assert_allclose(two[:, 0], one[:, 0], rtol=1e-4)
    np.testing.assert_array_equal(two[:, 1], one[:, 1])


@KINDS
def test_all_variables_are_equal(found, kind):
    names = set()
    for name, one, two in both(found, kind):
        if name[0].isdigit():
            names.add(name.split()[1])
            error = np.linalg.norm(two - one)
            assert error <= 1e-3 * np.linalg.norm(one) + 1e-6, name
    assert names >= {"kernel", "gamma", "moving_variance", "velocity"}


@KINDS
def test_the_logits_of_a_split_are_equal_and_in_order(found, kind):
    one, two = (found[f"{kind}/{name}/logits"] for name in ("one", "two"))
    assert len(one) == {"resident": 401, "streamed": NUM_PICTURES}[kind]
    assert one.std(axis=0).min() > 0
    np.testing.assert_allclose(two, one, rtol=0, atol=1e-3 * np.abs(one).max())


@KINDS
@pytest.mark.parametrize("name", ["one", "two"])
def test_another_training_traces_nothing_anew(found, kind, name):
    assert found[f"{kind}/{name}/traces"] == 1


def test_a_batch_that_cannot_be_shared_is_refused(found):
    assert found["refusal"] == (
        "`batch_size` must be a multiple of 2, the number of devices. "
        "Received: batch_size=63"
    )
