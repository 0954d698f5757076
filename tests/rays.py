"""What tests of a search on Ray share."""

import contextlib
import importlib.util

import pytest

from hnas_tf.engines import choice
from tests import processes

needs_ray = pytest.mark.skipif(
    # Importing it would be too early: the engine says first how it listens.
    importlib.util.find_spec("ray") is None,
    reason="pip install 'hnas_tf[ray]'",
)


@contextlib.contextmanager
def environment(mark):
    """In its body processes are marked; what Ray is told is taken back."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(processes.VARIABLE, mark)
        for name, value in choice._environment("").items():
            patch.setenv(name, value)
        yield
