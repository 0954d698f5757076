"""What all tests share: children find `tests.toy`, and nobody outlives us."""

import os
import pathlib

import pytest

from hnas_tf.engines.environment import training_environment
from tests import processes, searches

ROOT = pathlib.Path(__file__).parents[1]
os.environ["PYTHONPATH"] = str(ROOT)
# Before anyone imports TensorFlow.
os.environ |= training_environment(tpu="")


@pytest.fixture
def mark():
    """A mark in the environment of what a test starts; none may be left."""
    mark = processes.new_mark()
    yield mark
    processes.wait_until_gone(mark)


@pytest.fixture
def verified(request, tmp_path):
    """Every search that a test leaves behind repeats, if nobody forged it."""
    yield
    if request.node.get_closest_marker("forged") is None:
        searches.verify_all(tmp_path)
