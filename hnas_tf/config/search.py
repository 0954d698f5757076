"""A search, whole."""

from dataclasses import dataclass, field

from hnas_tf.config.data import DataConfig
from hnas_tf.config.devices import DevicesConfig
from hnas_tf.config.evolution import EvolutionConfig
from hnas_tf.config.network import NetworkConfig
from hnas_tf.config.training import TrainingConfig
from hnas_tf.config.workers import WorkersConfig
from hnas_tf.errors import require, require_at_least, require_one_of
from hnas_tf.genotype import HIERARCHICAL, SearchSpace

FITNESS_METRICS = ("accuracy", "balanced_accuracy")


@dataclass(frozen=True)
class SearchConfig:
    """One search, whole.

    Attributes:
        data: What is trained on.
        evaluator: The import path `module:factory` of what turns a genotype
            into a fitness.
        fitness_metric: `accuracy`, or `balanced_accuracy`, the mean over the
            classes, for pictures of which some classes have few.
        seed: Of everything random, but for the splits.
        space: The sizes of the search space.
        network: The network around the cells.
        training: How a candidate is trained.
        evolution: How genotypes are proposed.
        workers: Who evaluates.
        devices: On what.
    """

    data: DataConfig = field(default_factory=DataConfig)
    evaluator: str = "hnas_tf.training.evaluator:make_evaluator"
    fitness_metric: str = "accuracy"
    seed: int = 0
    space: SearchSpace = HIERARCHICAL
    network: NetworkConfig = field(default_factory=NetworkConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)
    evolution: EvolutionConfig = field(default_factory=EvolutionConfig)
    workers: WorkersConfig = field(default_factory=WorkersConfig)
    devices: DevicesConfig = field(default_factory=DevicesConfig)

    def __post_init__(self) -> None:
        """Checks the ranges."""
        require_at_least(0, self, "seed")
        require_one_of(FITNESS_METRICS, self, "fitness_metric")
        require(
            self.evaluator.count(":") == 1,
            "evaluator",
            "be an import path `module:factory`",
            self.evaluator,
        )
