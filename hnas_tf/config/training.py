"""One training from scratch, as the flags describe it."""

from dataclasses import dataclass

from hnas_tf.errors import require, require_at_least, require_one_of

AUGMENTATIONS = ("crop", "resized_crop")
PRECISIONS = ("auto", "float32", "bfloat16")


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
        augmentation: `crop`: a window of the picture, as for CIFAR-10;
            `resized_crop`: a window of random area and aspect ratio, resized,
            as for ImageNet.
        crop_size: Height and width of what is trained on; 0: as much as
            pictures have.
        padding: Zeros around a picture before a window of it is taken.
        min_area_fraction: Of a picture, the least that a resized crop shows.
        color: Whether brightness and contrast are changed at random.
        flip: Whether half of the images are mirrored left to right.
        rungs: Shares of the training, besides its end, at which the
            candidate is evaluated and the search is asked whether to go on.
        precision: `float32`; `bfloat16`, in which the network computes while
            its variables stay float32; or `auto`: bfloat16 on a TPU, and on
            GPUs that have it.
    """

    batch_size: int = 256
    num_steps: int = 5000
    learning_rate: float = 0.1
    decay_fractions: tuple[float, ...] = (0.8, 0.9)
    momentum: float = 0.9
    weight_decay: float = 3e-4
    num_repeats: int = 4
    augmentation: str = "crop"
    crop_size: int = 24
    padding: int = 0
    min_area_fraction: float = 0.08
    color: bool = False
    flip: bool = True
    rungs: tuple[float, ...] = ()
    precision: str = "auto"

    def __post_init__(self) -> None:
        """Checks the ranges."""
        require_at_least(1, self, "batch_size", "num_steps", "num_repeats")
        require_one_of(AUGMENTATIONS, self, "augmentation")
        require_one_of(PRECISIONS, self, "precision")
        area = self.min_area_fraction
        require(0 < area <= 1, "min_area_fraction", "lie in (0, 1]", area)
        require_at_least(0, self, "crop_size", "padding", "weight_decay")
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
