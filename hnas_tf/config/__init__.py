"""Frozen configurations: what the flags turn into, and nothing below reads.

The defaults are the paper's search (Section 4); where the paper does not say,
the docstring does.
"""

from hnas_tf.config.cluster import ENGINES, RAY, ClusterConfig
from hnas_tf.config.data import BAD_IMAGES, BUILT_IN, DataConfig
from hnas_tf.config.devices import LOCAL_TPU, DevicesConfig
from hnas_tf.config.evolution import PARETO_COSTS, EvolutionConfig
from hnas_tf.config.export import FORMATS, IMAGE_DTYPES, ExportConfig
from hnas_tf.config.final import FinalConfig
from hnas_tf.config.network import (
    BATCH_NORM_STATISTICS,
    MOTIF_WIDTHS,
    NETWORK_KINDS,
    NetworkConfig,
)
from hnas_tf.config.preflight import PreflightConfig
from hnas_tf.config.savings import EARLY_STOP_RUNGS, SavingsConfig
from hnas_tf.config.search import FITNESS_METRICS, SearchConfig
from hnas_tf.config.training import AUGMENTATIONS, PRECISIONS, TrainingConfig
from hnas_tf.config.workers import WorkersConfig

__all__ = [
    "AUGMENTATIONS",
    "BAD_IMAGES",
    "BUILT_IN",
    "BATCH_NORM_STATISTICS",
    "ClusterConfig",
    "ENGINES",
    "EARLY_STOP_RUNGS",
    "FITNESS_METRICS",
    "FORMATS",
    "IMAGE_DTYPES",
    "LOCAL_TPU",
    "MOTIF_WIDTHS",
    "NETWORK_KINDS",
    "PARETO_COSTS",
    "PRECISIONS",
    "RAY",
    "DataConfig",
    "DevicesConfig",
    "EvolutionConfig",
    "ExportConfig",
    "FinalConfig",
    "NetworkConfig",
    "PreflightConfig",
    "SavingsConfig",
    "SearchConfig",
    "TrainingConfig",
    "WorkersConfig",
]
