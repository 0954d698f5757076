"""Made-up pictures, alike for all contenders."""

import numpy as np
from numpy.typing import NDArray

from benchmarks.candidates.workload import (
    IMAGE_CHANNELS,
    NUM_CLASSES,
    Workload,
)

# Of pixels of which every value is as likely.
MEAN = 127.5
STD = 73.9
_NUM_COMPARED = 8


def training_pictures(
    workload: Workload,
) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """Returns images [pictures, height, width, channels], and labels."""
    return _pictures(workload, workload.num_training_batches, seed=0)


def evaluation_pictures(
    workload: Workload,
) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """Returns images [pictures, height, width, channels], and labels."""
    return _pictures(workload, workload.num_evaluation_batches, seed=1)


def compared_images(workload: Workload) -> NDArray[np.float32]:
    """Returns what all networks are shown, normalized."""
    size = workload.crop_size
    rng = np.random.default_rng(2)
    shape = (_NUM_COMPARED, size, size, IMAGE_CHANNELS)
    return rng.standard_normal(shape, dtype=np.float32)


def _pictures(
    workload: Workload, num_batches: int, *, seed: int
) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    rng = np.random.default_rng(seed)
    number = num_batches * workload.batch_size
    size = workload.image_size
    shape = (number, size, size, IMAGE_CHANNELS)
    images = rng.integers(0, 256, shape, dtype=np.uint8)
    labels = rng.integers(0, NUM_CLASSES, number, dtype=np.int32)
    return images, labels
