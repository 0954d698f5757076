"""What all contenders do: networks, pictures, and for how long."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Workload:
    """The paper's search network and training (Section 4.1), by default.

    Attributes:
        num_channels: c0, of the first group.
        num_groups: How many groups of one cell.
        image_size: Height and width of the pictures, which are evaluated.
        crop_size: Of the windows of them that are trained on.
        batch_size: Pictures of a step, and of a batch in evaluation.
        num_training_batches: The pictures to train on, in batches.
        num_evaluation_batches: Those of one evaluation.
        first_steps: A candidate's first steps, timed from its genotype on.
        min_steps: The fewest steps of the steady state, and
        min_seconds: the least that it lasts.
        min_evaluation_seconds: The least that evaluations are timed.
    """

    num_channels: int = 16
    num_groups: int = 3
    image_size: int = 32
    crop_size: int = 24
    batch_size: int = 256
    num_training_batches: int = 10
    num_evaluation_batches: int = 4
    first_steps: int = 5
    min_steps: int = 10
    min_seconds: float = 8.0
    min_evaluation_seconds: float = 4.0


NUM_CLASSES = 10
IMAGE_CHANNELS = 3
LEARNING_RATE = 0.1
MOMENTUM = 0.9
WEIGHT_DECAY = 3e-4
BATCH_NORM_MOMENTUM = 0.9
BATCH_NORM_EPSILON = 1e-3
