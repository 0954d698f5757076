"""What compiles for the CPU with XLA is skipped where that cannot."""

import importlib.util

import pytest

# TensorFlow's build for TPUs has no XLA for CPUs.
requires_xla = pytest.mark.skipif(
    importlib.util.find_spec("libtpu") is not None,
    reason="TensorFlow's build for TPUs compiles nothing for the CPU",
)
