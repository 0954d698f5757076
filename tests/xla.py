"""What compiles for the CPU with XLA is skipped where that cannot."""

from importlib import metadata

import pytest

IS_FOR_TPUS = any(
    found.name == "tensorflow-tpu" for found in metadata.distributions()
)

# TensorFlow's build for TPUs has no XLA for CPUs.
requires_xla = pytest.mark.skipif(
    IS_FOR_TPUS,
    reason="TensorFlow's build for TPUs compiles nothing for the CPU",
)
