"""A search, whole."""

from dataclasses import dataclass, field

from hnas_tf.config.cluster import ClusterConfig
from hnas_tf.config.data import DataConfig
from hnas_tf.config.devices import DevicesConfig
from hnas_tf.config.evolution import EvolutionConfig
from hnas_tf.config.network import NetworkConfig
from hnas_tf.config.savings import SavingsConfig
from hnas_tf.config.training import TrainingConfig
from hnas_tf.config.workers import WorkersConfig
from hnas_tf.errors import require, require_at_least, require_one_of
from hnas_tf.genotype import HIERARCHICAL, Genotype, SearchSpace

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
        given_genotypes: The first individuals, before random ones: what
            `initial_genotypes` of the evolution named when it began.
        network: The network around the cells.
        training: How a candidate is trained.
        evolution: How genotypes are proposed.
        savings: Which trainings are saved.
        workers: Who evaluates.
        devices: On what.
        cluster: Where.
    """

    data: DataConfig = field(default_factory=DataConfig)
    evaluator: str = "hnas_tf.training.evaluator:make_evaluator"
    fitness_metric: str = "accuracy"
    seed: int = 0
    space: SearchSpace = HIERARCHICAL
    given_genotypes: tuple[Genotype, ...] = ()
    network: NetworkConfig = field(default_factory=NetworkConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)
    evolution: EvolutionConfig = field(default_factory=EvolutionConfig)
    savings: SavingsConfig = field(default_factory=SavingsConfig)
    workers: WorkersConfig = field(default_factory=WorkersConfig)
    devices: DevicesConfig = field(default_factory=DevicesConfig)
    cluster: ClusterConfig = field(default_factory=ClusterConfig)

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
        self._require_that_genotypes_fit()
        self._require_that_savings_fit()

    def _require_that_genotypes_fit(self) -> None:
        for place, genotype in enumerate(self.given_genotypes, start=1):
            require(
                self.space.contains(genotype),
                "initial_genotypes",
                "have the sizes of the search space",
                f"one at place {place} that has others",
            )

    def _require_that_savings_fit(self) -> None:
        require(
            not self.savings.early_stop or bool(self.training.rungs),
            "rungs",
            "name a share where early_stop is on",
            self.training.rungs,
        )
        # It keeps small networks, of which these would know little.
        require(
            not self.savings.selects_by_fitness()
            or self.evolution.algorithm != "pareto",
            "algorithm",
            "select by fitness alone for early_stop and adaptive_repeats",
            self.evolution.algorithm,
        )
