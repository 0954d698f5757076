"""What compiles for the CPU with XLA is skipped where that cannot."""

from importlib import metadata

import pytest

# Wheels write their name with a hyphen or an underscore; a search finds both.
IS_FOR_TPUS = any(metadata.Distribution.discover(name="tensorflow-tpu"))

# TensorFlow's build for TPUs has no XLA for CPUs.
requires_xla = pytest.mark.skipif(
    IS_FOR_TPUS,
    reason="TensorFlow's build for TPUs compiles nothing for the CPU",
)
