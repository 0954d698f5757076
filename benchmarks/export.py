"""What an export gains: `make benchmark NAME=export`, six minutes.

For liu2018 (64 channels, 32x32 pixels, weights drawn at random) and the winner
of the digits (`make train` first), three SavedModels each: ours; the plain
`model.export` of the plain network (`--optimize_graph=false`); that of the same
network of Keras' own layers. They are loaded by TensorFlow's C API, as a server
does, side by side in one process that asks them in turn: with all cores for an
operation, the default, and with one thread, which an export's README chooses
where that is faster. Also LiteRT's sizes, and what int8 costs on test digits.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

import keras
import numpy as np
import tensorflow as tf

from hnas_tf import load_genotype
from hnas_tf.config import FinalConfig, NetworkConfig
from hnas_tf.data import Description
from hnas_tf.data.preprocessing import normalize
from hnas_tf.data.sources import open_source
from hnas_tf.data.splits import TEST, TRAIN
from hnas_tf.networks import initialize, network_of
from hnas_tf.networks.batch_norm import BatchNormRelu
from hnas_tf.networks.initialization import ordered_variables
from hnas_tf.serving import litert
from hnas_tf.serving.network import FoldedNetwork, fold
from hnas_tf.serving.samples import read_samples
from hnas_tf.serving.saved_model import write_saved_model
from hnas_tf.training.trained import Trained, load_trained

WORKDIR = "runs/digits/final"
OURS, PLAIN, STOCK = "ours", "plain", "plain, Keras' layers"


def main() -> None:
    for name, trained, images in networks():
        print(f"\n{name}: {trained.model.count_params():,} parameters")
        network = fold(trained)
        with tempfile.TemporaryDirectory() as folder:
            write(trained, network, Path(folder))
            report_times(Path(folder), network.image_shape)
            size = sum(
                path.stat().st_size
                for path in (Path(folder) / OURS).rglob("*")
                if path.is_file()
            )
        print(f"  on disk / weights: {size / network.num_bytes:.3f}")
        report_difference(trained, network, images)
        report_litert(network, images)
    report_int8_accuracy()


def networks() -> Iterator[tuple[str, Trained, np.ndarray]]:
    """Yields names, networks, and pictures for them."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (64, 32, 32, 3)).astype(np.uint8)
    yield "liu2018, 64 channels", random_liu2018(), images
    trained = digits_winner()
    data = trained.config.data
    samples = read_samples(
        trained, open_source(data), data, split=TEST, number=64
    )
    yield "winner of the digits", trained, samples.answers.images


def digits_winner() -> Trained:
    return load_trained(
        WORKDIR,
        repeat=1,
        strategy=tf.distribute.get_strategy(),
        precision="float32",
    )


def random_liu2018() -> Trained:
    """Returns it with weights and moving averages drawn at random."""
    genotype = load_genotype("liu2018")
    config = NetworkConfig(num_channels=64, cells_per_group=2)
    model = network_of(genotype, config, image_size=(None, None))
    initialize(model, [0])
    rng = np.random.default_rng(0)
    for layer in model.layers:
        if isinstance(layer, BatchNormRelu):
            shape = layer.gamma.shape
            layer.gamma.assign(rng.uniform(0.5, 1.5, shape))
            layer.beta.assign(rng.normal(0.0, 0.1, shape))
            layer.moving_mean.assign(rng.normal(0.0, 0.1, shape))
            layer.moving_variance.assign(rng.uniform(0.5, 1.5, shape))
    dense = model.layers[-1]
    # Else one probability is 1, and no difference shows.
    images = rng.normal(0.0, 1.0, (8, 32, 32, 3)).astype(np.float32)
    dense.kernel.assign(dense.kernel * 2 / np.std(model(images)))
    description = Description(
        name="random pictures",
        image_size=(32, 32),
        image_channels=3,
        class_names=tuple(map(str, range(10))),
        mean=(127.5,) * 3,
        std=(73.9,) * 3,
    )
    final = FinalConfig(network=config)
    return Trained(model, final, genotype, description, "", 1)


def write(trained: Trained, network: FoldedNetwork, folder: Path) -> None:
    """Writes the three SavedModels."""
    write_saved_model(network, folder / OURS, image_dtype="uint8")
    shape = (None, *network.image_shape)
    plain = plain_of(trained)
    for name, model in ((PLAIN, plain), (STOCK, of_keras(plain))):
        model.export(
            str(folder / name),
            verbose=False,
            input_signature=[tf.TensorSpec(shape, tf.float32)],
        )


def plain_of(trained: Trained) -> keras.Model:
    """Returns the network computed operation by operation."""
    config = replace(trained.config.network, optimize_graph=False)
    model = network_of(trained.genotype, config, image_size=(None, None))
    for variable, value in zip(
        ordered_variables(model), ordered_variables(trained.model), strict=True
    ):
        # The kernel of a 1x1 convolution may be a matrix.
        variable.assign(value.numpy().reshape(variable.shape))
    return model


def of_keras(plain: keras.Model) -> keras.Model:
    """Returns a plain network with Keras' own batch norm and ReLU."""

    def clone(layer: keras.Layer) -> keras.Layer:
        if not isinstance(layer, BatchNormRelu):
            return type(layer).from_config(layer.get_config())
        batch_norm = keras.layers.BatchNormalization(epsilon=layer.epsilon)
        return keras.Sequential(
            [batch_norm, keras.layers.ReLU()], name=layer.name
        )

    model = keras.models.clone_model(plain, clone_function=clone)
    for layer in model.layers:
        own = plain.get_layer(layer.name)
        layer.set_weights(own.get_weights())
    return model


def report_times(folder: Path, image_shape: tuple[int, ...]) -> None:
    """Prints medians, with all cores an operation and with one thread."""
    baseline: dict[str, float] = {}
    for threads in (0, 1):
        print(f"  {['all cores', 'one thread'][threads]} an operation:")
        for title, seconds in times_of(folder, image_shape, threads).items():
            medians = {name: median(each) for name, each in seconds.items()}
            ours = medians.pop(OURS)
            print(f"    {title:<12} {1000 * ours:9.2f} ms ours", flush=True)
            for name, value in sorted(medians.items()):
                first = baseline.setdefault(f"{title} {name}", value)
                print(
                    f"      {name:<21} {1000 * value:9.2f} ms, "
                    f"{value / ours:5.2f} of ours; with all cores "
                    f"{first / ours:5.2f}"
                )


def times_of(
    folder: Path, image_shape: tuple[int, ...], threads: int
) -> dict[str, dict[str, list[float]]]:
    command = [sys.executable, "-m", "benchmarks.loaded", str(folder)]
    command += map(str, image_shape)
    found = subprocess.run(
        command,
        check=True,
        stdout=subprocess.PIPE,
        env={**os.environ, "TF_NUM_INTRAOP_THREADS": str(threads)},
    )
    return dict(json.loads(found.stdout))


def report_difference(
    trained: Trained, network: FoldedNetwork, images: np.ndarray
) -> None:
    pixels = tf.constant(images, tf.float32)
    ours = tf.function(network.logits, autograph=False)(pixels)
    theirs = trained.model(normalize(pixels, trained.description))
    difference = tf.abs(tf.nn.softmax(ours) - tf.nn.softmax(theirs))
    print(f"  largest difference of a probability: {np.max(difference):.1e}")


def report_litert(network: FoldedNetwork, images: np.ndarray) -> None:
    float32 = len(litert.convert(network))
    int8 = len(litert.convert(network, calibration=images))
    print(f"  LiteRT: {float32:,} bytes; int8 {int8 / float32:.3f} of that")


def report_int8_accuracy() -> None:
    trained = digits_winner()
    data, source = trained.config.data, open_source(trained.config.data)
    test, train = (
        read_samples(trained, source, data, split=split, number=number)
        for split, number in (
            (TEST, 1000),
            (TRAIN, litert.NUM_CALIBRATION_PICTURES),
        )
    )
    model = litert.convert(fold(trained), calibration=train.answers.images)
    probabilities = litert.probabilities_of(model, test.answers.images)
    accuracy = test.accuracy(probabilities.argmax(axis=1))
    own = test.accuracy(test.answers.predictions)
    print(f"\ntest digits: float32 {own:.4f}, int8 {accuracy:.4f}")


if __name__ == "__main__":
    main()
