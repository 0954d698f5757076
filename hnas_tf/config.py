"""Frozen configurations: what the flags turn into, and nothing below reads.

The defaults are the paper's search (Section 4); where the paper does not say,
the docstring does.
"""

from dataclasses import dataclass, field

from hnas_tf.errors import require, require_at_least
from hnas_tf.genotype import HIERARCHICAL, SearchSpace

MOTIF_WIDTHS = ("cell", "input")


@dataclass(frozen=True)
class NetworkConfig:
    """The network around the cells (Section 4.1): stem, groups, head.

    Attributes:
        num_channels: c0, the channels of the first group; they double from
            group to group.
        cells_per_group: N.
        num_groups: How many groups; the resolution halves between two.
        num_classes: The width of the logits.
        image_channels: The channels of an image.
        motif_width: The channels of the 1x1 convolution after a level-2
            motif: `cell`, as many as the cell has (the reading that gives the
            paper's parameter count), or `input`, as many as the motif's input.
        batch_norm_momentum: Of the moving averages. The paper does not say;
            0.9 is warm after the few steps that a small search trains.
    """

    num_channels: int = 16
    cells_per_group: int = 1
    num_groups: int = 3
    num_classes: int = 10
    image_channels: int = 3
    motif_width: str = "cell"
    batch_norm_momentum: float = 0.9

    def __post_init__(self) -> None:
        """Checks the ranges."""
        require_at_least(
            1, self, "num_channels", "cells_per_group", "num_groups"
        )
        require_at_least(1, self, "num_classes", "image_channels")
        require(
            self.motif_width in MOTIF_WIDTHS,
            "motif_width",
            f"be one of {', '.join(MOTIF_WIDTHS)}",
            self.motif_width,
        )
        require(
            0 <= self.batch_norm_momentum < 1,
            "batch_norm_momentum",
            "lie in [0, 1)",
            self.batch_norm_momentum,
        )


@dataclass(frozen=True)
class TrainingConfig:
    """One training from scratch (Section 4.1).

    Attributes:
        batch_size: Images a step, over all replicas.
        num_steps: Steps of one repeat.
        learning_rate: At the start; divided by 10 at each decay.
        decay_fractions: Shares of the training after which it is divided.
        momentum: Of the SGD.
        weight_decay: The factor of the L2 term inside the gradient, for the
            kernels of convolutions and Dense.
        num_repeats: Trainings a candidate; the fitness is their mean.
        crop_size: Height and width of the random crop that is trained on.
        padding: Zeros around an image before it is cropped.
        flip: Whether half of the images are mirrored left to right.
        rungs: Shares of the training, besides its end, at which the
            candidate is evaluated and the search is asked whether to go on.
    """

    batch_size: int = 256
    num_steps: int = 5000
    learning_rate: float = 0.1
    decay_fractions: tuple[float, ...] = (0.8, 0.9)
    momentum: float = 0.9
    weight_decay: float = 3e-4
    num_repeats: int = 4
    crop_size: int = 24
    padding: int = 0
    flip: bool = True
    rungs: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Checks the ranges."""
        require_at_least(
            1, self, "batch_size", "num_steps", "num_repeats", "crop_size"
        )
        require_at_least(0, self, "padding", "weight_decay")
        rate = self.learning_rate
        require(rate > 0, "learning_rate", "be above 0", rate)
        momentum = self.momentum
        require(0 <= momentum < 1, "momentum", "lie in [0, 1)", momentum)
        for name in ("decay_fractions", "rungs"):
            shares = getattr(self, name)
            require(
                all(0 < share < 1 for share in shares)
                and list(shares) == sorted(set(shares)),
                name,
                "rise strictly within (0, 1)",
                shares,
            )


@dataclass(frozen=True)
class EvolutionConfig:
    """How genotypes are proposed (Section 3).

    Attributes:
        algorithm: `evolution` or `random`.
        num_evaluations: Individuals of the whole search.
        initial_population: Random individuals before evolution begins.
        num_initial_mutations: Mutations that make a random genotype out of the
            trivial one. The paper says "many, e.g. 1000" (second-hand).
        tournament_fraction: The share of the population that enters a
            tournament.
        max_parameters: The most trainable parameters of a candidate, if any.
        max_multiply_adds: The most multiply-adds of one image, if any.
        max_activation_bytes: The most bytes that the outputs kept for the
            gradient of one batch may take, if any.
    """

    algorithm: str = "evolution"
    num_evaluations: int = 7000
    initial_population: int = 200
    num_initial_mutations: int = 1000
    tournament_fraction: float = 0.05
    max_parameters: int | None = None
    max_multiply_adds: int | None = None
    max_activation_bytes: int | None = 2**32

    def __post_init__(self) -> None:
        """Checks the ranges."""
        require_at_least(1, self, "num_evaluations", "initial_population")
        require_at_least(0, self, "num_initial_mutations")
        budget = ("max_parameters", "max_multiply_adds", "max_activation_bytes")
        require_at_least(1, self, *budget, optional=True)
        require(
            0 < self.tournament_fraction <= 1,
            "tournament_fraction",
            "lie in (0, 1]",
            self.tournament_fraction,
        )


@dataclass(frozen=True)
class WorkersConfig:
    """Who evaluates; of this, only the number of threads decides a fitness.

    Attributes:
        num_workers: Child processes; `None`: one per accelerator, or one per
            core that the process may use.
        threads_per_worker: CPU threads of a child.
        candidate_timeout_seconds: After which a candidate is stopped.
        recycle_worker_after: Candidates after which a child is replaced, since
            memory grows with every network built in a process.
        max_attempts: How often a candidate may lose its worker.
    """

    num_workers: int | None = None
    threads_per_worker: int = 1
    candidate_timeout_seconds: float = 7200.0
    recycle_worker_after: int = 50
    max_attempts: int = 3

    def __post_init__(self) -> None:
        """Checks the ranges."""
        require_at_least(1, self, "num_workers", optional=True)
        require_at_least(
            1,
            self,
            "threads_per_worker",
            "recycle_worker_after",
            "max_attempts",
        )
        require(
            self.candidate_timeout_seconds > 0,
            "candidate_timeout_seconds",
            "be above 0",
            self.candidate_timeout_seconds,
        )


@dataclass(frozen=True)
class SearchConfig:
    """One search, whole.

    Attributes:
        dataset: What is trained on, such as `digits`.
        evaluator: The import path `module:factory` of what turns a genotype
            into a fitness.
        seed: Of everything random.
        space: The sizes of the search space.
        network: The network around the cells.
        training: How a candidate is trained.
        evolution: How genotypes are proposed.
        workers: Who evaluates.
    """

    dataset: str = "digits"
    evaluator: str = "hnas_tf.training.evaluator:make_evaluator"
    seed: int = 0
    space: SearchSpace = HIERARCHICAL
    network: NetworkConfig = field(default_factory=NetworkConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)
    evolution: EvolutionConfig = field(default_factory=EvolutionConfig)
    workers: WorkersConfig = field(default_factory=WorkersConfig)

    def __post_init__(self) -> None:
        """Checks the ranges."""
        require_at_least(0, self, "seed")
        require(
            self.evaluator.count(":") == 1,
            "evaluator",
            "be an import path `module:factory`",
            self.evaluator,
        )


@dataclass(frozen=True)
class FinalConfig:
    """The training of one network to the end.

    Attributes:
        dataset: What is trained on: its training and validation splits.
        seed: Of everything random.
        threads: CPU threads; `None` leaves them to TensorFlow.
        network: The network around the cells.
        training: How it is trained.
    """

    dataset: str = "digits"
    seed: int = 0
    threads: int | None = None
    network: NetworkConfig = field(default_factory=NetworkConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)

    def __post_init__(self) -> None:
        """Checks the ranges."""
        require_at_least(0, self, "seed")
        require_at_least(1, self, "threads", optional=True)
