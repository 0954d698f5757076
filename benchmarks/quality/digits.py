"""The built-in digits, in three parts of other sizes than by default."""

from typing import NamedTuple

import numpy as np

from benchmarks.quality.budget import Budget
from hnas_tf.config import DataConfig
from hnas_tf.data import Description
from hnas_tf.data.arrays import open_digits
from hnas_tf.data.pictures import Examples


class Parts(NamedTuple):
    """The pictures of a part, and what is known of all of them."""

    examples: dict[str, Examples]
    description: Description


def parts(budget: Budget) -> Parts:
    """Returns `training`, `validation` and `test`, shuffled once for all."""
    source = open_digits(DataConfig())
    pictures = list(source.found.values())
    images = np.concatenate([one.contents for one in pictures])
    images = images.reshape(len(images), 8, 8, 1)
    labels = np.concatenate([one.labels for one in pictures])
    order = np.random.default_rng(0).permutation(len(labels))
    sizes = (budget.num_training, budget.num_validation, budget.num_test)
    starts = np.cumsum(sizes)
    names = ("training", "validation", "test")
    chosen = np.split(order, starts)[: len(names)]
    examples = {
        name: Examples(images[places], labels[places])
        for name, places in zip(names, chosen, strict=True)
    }
    trained = examples["training"].images
    return Parts(
        examples,
        Description(
            name="digits",
            image_size=(8, 8),
            image_channels=1,
            class_names=tuple("0123456789"),
            mean=(float(trained.mean()),),
            std=(float(trained.std()),),
        ),
    )
