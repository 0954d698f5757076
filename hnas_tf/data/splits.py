"""The splits of a dataset, read one by one.

A search reads `TRAIN` and `VALIDATION`; only a final training reads `TEST`.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hnas_tf.data.description import describe

TRAIN, VALIDATION, TEST = "train", "validation", "test"

_DIGITS = Path(__file__).parent / "digits" / "digits.npz"
_DIGITS_SPLITS = (TRAIN, VALIDATION, TEST)


class Examples(NamedTuple):
    """Images as stored, and their labels.

    Attributes:
        images: uint8 [examples, height, width, channels].
        labels: int32 [examples].
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int32]


def load_split(dataset: str, *splits: str) -> Examples:
    """Returns the examples of one split, or of several, one after another.

    Raises:
        InvalidError: if there is no dataset of that name.
    """
    describe(dataset)
    with np.load(_DIGITS) as arrays:
        numbers = [_DIGITS_SPLITS.index(split) for split in splits]
        chosen = np.concatenate(
            [np.flatnonzero(arrays["split"] == number) for number in numbers]
        )
        return Examples(
            arrays["images"][chosen], arrays["labels"][chosen].astype(np.int32)
        )
