"""What trainings print, and leave in their workdirs."""

import json

import numpy as np
import pytest

from hnas_tf.training.weights import load_weights
from hnas_tf.training.workdir import FinalWorkdir
from tests.training.samples import make_network


def figures(out):
    """Returns what a program prints of a result, but for where it lies."""
    _, title, figures = out.partition("The training is finished.\n")
    assert title
    return [line for line in figures.splitlines() if "workdir" not in line]


def result_of(workdir):
    return json.loads((workdir / "result.json").read_text())


def weights_of(workdir, number):
    config = FinalWorkdir(str(workdir)).config().network
    model = make_network(config=config)
    load_weights(model, FinalWorkdir(str(workdir)).weights(number))
    return np.concatenate([each.ravel() for each in model.get_weights()])


def assert_alike(workdir, other):
    """Compares results and weights up to rounding."""
    found, expected = result_of(workdir), result_of(other)
    # A picture may fall to the other side.
    assert found["accuracy"] == pytest.approx(
        expected["accuracy"], abs=1 / found["num_pictures"]
    )
    assert found["loss"] == pytest.approx(expected["loss"], rel=1e-4)
    for number in range(1, len(found["loss_of_repeats"]) + 1):
        ours, theirs = (weights_of(w, number) for w in (workdir, other))
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-3)
