"""Datasets: what they are, their splits, and how a network reads them.

`description` is pure; `splits` needs NumPy and `preprocessing` TensorFlow, so
both are imported by name where they are used.
"""

from hnas_tf.data.description import Description, describe, require_fit

__all__ = ["Description", "describe", "require_fit"]
