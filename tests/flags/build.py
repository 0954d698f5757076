"""Parses a recipe as its program does, and builds what it describes.

    python -m tests.flags.build PROGRAM FLAGS...

Prints what came out as JSON. The flags of two programs clash, so that each
recipe is built in a process of its own.
"""

import dataclasses
import json
import math
import sys
import tempfile

import tensorflow as tf
from absl import flags

from hnas_tf import load_genotype
from hnas_tf.config import SearchConfig
from hnas_tf.data import fitted
from hnas_tf.data.prepared import load_prepared, prepare
from hnas_tf.genotype import FLAT
from hnas_tf.networks import network_of
from hnas_tf.training.final_data import FinalData
from hnas_tf.training.replica import Replica
from hnas_tf.training.resident import ResidentData
from tests.networks.samples import everything
from tests.training.samples import one_device


def build_search():
    """Returns configuration, genotype, network, training and pictures."""
    from hnas_tf.cli import search_flags

    flags.FLAGS(["build", *sys.argv[2:]])
    config = search_flags.search_config()
    with tempfile.TemporaryDirectory() as folder:
        data = dataclasses.replace(config.data, prepared_dir=folder)
        fingerprint = prepare(dataclasses.asdict(data))["fingerprint"]
        train, _, description = load_prepared(
            dataclasses.replace(data, fingerprint=fingerprint)
        )
        network, training = fitted(config.network, config.training, description)
        pictures = ResidentData(
            train.examples,
            description,
            one_device(),
            batch_size=training.batch_size,
        )
    is_flat = config.space == FLAT
    genotype = everything() if is_flat else load_genotype("liu2018")
    return config, genotype, network, training, pictures


def build_train():
    """Returns configuration, genotype, network, training and pictures."""
    from hnas_tf.cli import train_flags

    flags.FLAGS(["build", *sys.argv[2:]])
    config = train_flags.final_config()
    data = FinalData(config, one_device())
    network, training = data.config.network, data.config.training
    return config, load_genotype("liu2018"), network, training, data.train


def _savings(config):
    """Returns those of a search; a final training has none."""
    if isinstance(config, SearchConfig):
        return dataclasses.asdict(config.savings)
    return {}


def main():
    build = {"search": build_search, "train": build_train}[sys.argv[1]]
    config, genotype, network, training, pictures = build()
    model = network_of(genotype, network, image_size=(None, None))
    step, seed = tf.constant(0, tf.int64), (0, 1)
    drawn = pictures.draw(pictures.start(seed, 0), step, tf.constant(seed))
    images, labels = pictures.batch(drawn, Replica(0, 1))
    trainable = [math.prod(v.shape) for v in model.trainable_variables]
    print(
        json.dumps(
            {
                "dataset": config.data.dataset,
                "training": dataclasses.asdict(training),
                "savings": _savings(config),
                "parameters": sum(trainable),
                "images": images.shape.as_list(),
                "labels": labels.shape.as_list(),
                "logits": list(model.output_shape),
            }
        )
    )


if __name__ == "__main__":
    main()
