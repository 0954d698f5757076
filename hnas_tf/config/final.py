"""The training of one network to the end, whole."""

from dataclasses import dataclass, field

from hnas_tf.config.data import DataConfig
from hnas_tf.config.devices import DevicesConfig
from hnas_tf.config.network import NetworkConfig
from hnas_tf.config.training import TrainingConfig
from hnas_tf.errors import require, require_at_least


@dataclass(frozen=True)
class FinalConfig:
    """The training of one network to the end.

    Attributes:
        data: What is trained on.
        train_on_validation: Whether the validation split is trained on too,
            as in the paper, or held out and shown; `None`: it is, where there
            is a test split to measure on.
        seed: Of everything random, but for the splits.
        threads: CPU threads; `None` leaves them to TensorFlow.
        checkpoint_steps: Steps from one checkpoint to the next.
        max_checkpoints: How many of the latest are kept.
        profile_steps: The first and the last step, from 1, of which every
            repeat writes a profile for TensorBoard; or none.
        network: The network around the cells.
        training: How it is trained.
        devices: On what.
    """

    data: DataConfig = field(default_factory=DataConfig)
    train_on_validation: bool | None = None
    seed: int = 0
    threads: int | None = None
    checkpoint_steps: int = 1000
    max_checkpoints: int = 3
    profile_steps: tuple[int, ...] = ()
    network: NetworkConfig = field(default_factory=NetworkConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)
    devices: DevicesConfig = field(default_factory=DevicesConfig)

    def __post_init__(self) -> None:
        """Checks the ranges."""
        require_at_least(0, self, "seed")
        require_at_least(1, self, "threads", optional=True)
        require_at_least(1, self, "checkpoint_steps", "max_checkpoints")
        steps = self.profile_steps
        require(
            not steps
            or (
                len(steps) == 2
                and 1 <= steps[0] <= steps[1] <= self.training.num_steps
            ),
            "profile_steps",
            f"be two steps from 1 to {self.training.num_steps}",
            steps,
        )
