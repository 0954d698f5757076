"""Datasets: what they are, their splits, and how a network reads them.

`description` and `fit` are pure; all else needs TensorFlow, and is imported by
name where it is used.
"""

from hnas_tf.data.description import Description
from hnas_tf.data.fit import fitted

__all__ = ["Description", "fitted"]
