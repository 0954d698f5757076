"""Hierarchical representations for efficient architecture search, in Keras.

Liu et al., "Hierarchical Representations for Efficient Architecture Search",
ICLR 2018, https://arxiv.org/abs/1711.00436.
"""

from hnas_tf.genotype import Genotype, load_genotype, save_genotype

__version__ = "0.1.0"

__all__ = ["Genotype", "load_genotype", "save_genotype"]
