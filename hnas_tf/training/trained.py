"""A network that `hnas_tf.train` has trained, as its workdir tells."""

from dataclasses import dataclass

import keras
import tensorflow as tf

from hnas_tf.config import FinalConfig
from hnas_tf.data import Description
from hnas_tf.errors import ArchiveError, InvalidError
from hnas_tf.genotype import Genotype
from hnas_tf.networks import network_of
from hnas_tf.plan import make_plan, plan_cost
from hnas_tf.plan.cost import BYTES_PER_NUMBER
from hnas_tf.training import storage
from hnas_tf.training.weights import load_weights
from hnas_tf.training.workdir import FinalWorkdir


@dataclass(frozen=True)
class Trained:
    """A trained network, and what it must be known of to be used.

    Attributes:
        model: normalized images, float32 [batch, height, width, channels], of
            any size -> logits, float32 [batch, classes].
        config: Of its training.
        genotype: Of its cells.
        description: Of the pictures that it was trained on: their size,
            channels, classes, mean and deviation.
        workdir: Where it lies.
        repeat: Which of the trainings there it comes from, from 1.
    """

    model: keras.Model
    config: FinalConfig
    genotype: Genotype
    description: Description
    workdir: str
    repeat: int


def load_trained(
    workdir: str,
    *,
    repeat: int,
    strategy: tf.distribute.Strategy,
    precision: str | None = None,
) -> Trained:
    """Returns the network of a finished repeat; only reads the workdir.

    Args:
        workdir: Of `hnas_tf.train`, on a disk or in a bucket.
        repeat: Which of its trainings, from 1.
        strategy: Where the network is to live.
        precision: In which it computes; by default as it was trained.

    Raises:
        ArchiveError: if there is no such workdir, it cannot be read, its files
            do not fit together, or that repeat is not trained to the end.
        GenotypeError: if its genotype cannot be assembled.
        InvalidError: if there is no such repeat.
    """
    folder = FinalWorkdir(workdir.rstrip("/"))
    _require_training(folder)
    config, genotype = folder.config(), folder.genotype()
    description = folder.description()
    _require_same_pictures(config, description, folder.path)
    weights = _weights(folder, repeat, config.training.num_repeats)
    _require_room(genotype, config, weights)
    with strategy.scope():
        model = network_of(
            genotype,
            config.network,
            image_size=(None, None),
            precision=precision or config.training.precision,
        )
        load_weights(model, weights)
    return Trained(model, config, genotype, description, workdir, repeat)


def _require_training(folder: FinalWorkdir) -> None:
    """Checks that this is the workdir of a training, and not of a search."""
    if not storage.exists(folder.path):
        received = "no such folder"
    elif folder.known_data() is None:
        received = "a folder without data.json"
    else:
        return
    raise ArchiveError(
        f"Expected the workdir of hnas_tf.train at {folder.path}. Received: "
        f"{received}"
    )


def _require_same_pictures(
    config: FinalConfig, description: Description, path: str
) -> None:
    """Checks that a network reads the pictures, and has their classes."""
    its = (config.network.image_channels, config.network.num_classes)
    theirs = (description.image_channels, len(description.class_names))
    if its != theirs:
        raise ArchiveError(
            f"Expected a network of the channels and classes {theirs} of "
            f"data.json in {path}. Received: one of {its}"
        )


def _require_room(genotype: Genotype, config: FinalConfig, path: str) -> None:
    """Checks that a network is not larger than its file: none is built then."""
    plan = make_plan(genotype, config.network)
    number = plan_cost(plan, image_size=(1, 1)).parameters
    size = storage.size(path)
    if BYTES_PER_NUMBER * number > size:
        raise ArchiveError(
            f"Expected {number:,} weights in {path}. Received: {size:,} bytes"
        )


def _weights(folder: FinalWorkdir, repeat: int, num_repeats: int) -> str:
    """Returns where the weights are, having seen that they are there."""
    if not 1 <= repeat <= num_repeats:
        raise InvalidError(
            f"Expected a repeat of {folder.path}, from 1 to {num_repeats}. "
            f"Received: repeat={repeat}"
        )
    path = folder.weights(repeat)
    if not storage.exists(path):
        raise ArchiveError(
            f"Expected repeat {repeat} of {folder.path} to be trained to the "
            f"end; the command that began it goes on. Received: no {path}"
        )
    return path
