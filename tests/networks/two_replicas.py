"""Takes a step on one device and on two replicas; prints what came as JSON.

    python -m tests.networks.two_replicas

A second logical CPU can only be made before TensorFlow starts, so this needs a
fresh process.
"""

import dataclasses
import json
import pathlib
import tempfile

import numpy as np
import tensorflow as tf

from hnas_tf.config import NetworkConfig
from hnas_tf.networks import network_of
from tests.networks.samples import flat, randomize, variables_of

BATCH, SIZE, CLASSES = 6, 5, 3
# The last edge reads a value in parts.
GENOTYPE = flat(
    ("separable_conv_3x3",),
    ("max_pool_3x3", "conv_1x1"),
    (None, None, "depthwise_conv_3x3"),
)
CONFIG = NetworkConfig(num_channels=3, num_groups=2, num_classes=CLASSES)
HALVES = (slice(0, BATCH // 2), slice(BATCH // 2, BATCH))


def examples(part=slice(None)):
    """Returns images whose means are far from 0, and other in each half."""
    rng = np.random.default_rng(0)
    images = rng.normal(size=(BATCH, SIZE, SIZE, 3))
    images += 3 * np.arange(BATCH)[:, None, None, None] + 50
    factors = rng.normal(size=(BATCH, CLASSES))
    return images.astype(np.float32)[part], factors.astype(np.float32)[part]


def make_network(strategy, statistics="synchronized", precision="float32"):
    config = dataclasses.replace(CONFIG, batch_norm_statistics=statistics)
    with strategy.scope():
        model = network_of(
            GENOTYPE, config, image_size=(SIZE, SIZE), precision=precision
        )
    randomize(model, np.random.default_rng(1))
    return model


def take_step(model, strategy, arrays):
    """Returns logits, gradients (summed over replicas) and all averages."""

    def step(images, factors):
        with tf.GradientTape() as tape:
            logits = model(images, training=True)
            loss = tf.reduce_sum(logits * factors)
        weights = [v.value for v in model.trainable_variables]
        return logits, tape.gradient(loss, weights)

    @tf.function(autograph=False)
    def run(arrays):
        return strategy.run(step, arrays)

    values = [distribute(array, strategy) for array in arrays]
    logits, gradients = run(values)
    parts = strategy.experimental_local_results
    found = {"logits": np.concatenate(parts(logits))}
    for variable, gradient in zip(
        model.trainable_variables, gradients, strict=True
    ):
        found[f"gradient of {variable.path}"] = np.sum(parts(gradient), axis=0)
    for name, variable in variables_of(model).items():
        if "/moving_" in name:
            found[name] = variable.numpy()
    return found


def distribute(array, strategy):
    """Gives every replica its part of an array."""
    parts = np.split(array, strategy.num_replicas_in_sync)
    return strategy.experimental_distribute_values_from_function(
        lambda context: tf.constant(parts[context.replica_id_in_sync_group])
    )


def logits_of_copies(model):
    """Returns the logits of a network, and of two that take its weights."""
    loaded, copied = (make_network(tf.distribute.get_strategy()) for _ in "12")
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "model.weights.h5")
        model.save_weights(path)
        loaded.load_weights(path)
    copied.set_weights(model.get_weights())
    images, _ = examples()
    return [each(images).numpy() for each in (model, loaded, copied)]


def in_bfloat16(strategy):
    model = make_network(strategy, precision="bfloat16")
    return take_step(model, strategy, examples())


def on_one_device(part=slice(None)):
    strategy = tf.distribute.get_strategy()
    return take_step(make_network(strategy), strategy, examples(part))


def on_two_replicas(strategy, statistics):
    model = make_network(strategy, statistics)
    found = take_step(model, strategy, examples())
    return {"step": found, "copies": logits_of_copies(model)}


def main():
    (cpu,) = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(
        cpu, [tf.config.LogicalDeviceConfiguration()] * 2
    )
    mirrored = tf.distribute.MirroredStrategy(["cpu:0", "cpu:1"])
    assert mirrored.num_replicas_in_sync == 2
    return {
        "whole": on_one_device(),
        "halves": [on_one_device(part) for part in HALVES],
        "synchronized": on_two_replicas(mirrored, "synchronized"),
        "bfloat16": [
            in_bfloat16(strategy)
            for strategy in (mirrored, tf.distribute.get_strategy())
        ],
        "per_replica": on_two_replicas(mirrored, "per_replica"),
    }


if __name__ == "__main__":
    print(json.dumps(main(), default=lambda array: array.tolist()))
