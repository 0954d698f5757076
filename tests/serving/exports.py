"""Exports for the tests, and what loaders that know nothing of us say."""

import pickle
import subprocess
import sys
from typing import NamedTuple

import numpy as np
import pytest
import tensorflow as tf

from hnas_tf.config import FinalConfig, NetworkConfig, TrainingConfig
from hnas_tf.data import Description
from hnas_tf.data.preprocessing import normalize
from hnas_tf.data.splits import TEST
from hnas_tf.networks import network_of
from hnas_tf.serving.network import fold
from hnas_tf.serving.saved_model import write_saved_model
from hnas_tf.training.streamed import evaluation_decoder
from hnas_tf.training.trained import Trained
from tests.networks.samples import randomize
from tests.training.samples import GENOTYPE, digits, one_device

# Of Keras 3.15 under NumPy 2.4, where it reads a variable.
_WARNING = "__array__ implementation doesn't accept a copy keyword"
keras_may_warn = pytest.mark.filterwarnings(
    f"ignore:{_WARNING}:DeprecationWarning"
)
NUM_DIGITS = 20
CLOSE = 1e-5

# One model, asked in turn; an error is told as its text.
_ASKING = """
import pickle, sys
from tests.serving.c_api import Model
folder, path = sys.argv[1:]
with open(path, "rb") as file:
    requests = pickle.load(file)
model = Model.load(folder)
answers = []
for signature, inputs in requests:
    try:
        answers.append(model.run(signature, inputs))
    except RuntimeError as error:
        answers.append(str(error))
signatures = {
    name: ({k: info.dtype for k, info in each.inputs.items()},
           {k: info.dtype for k, info in each.outputs.items()},
           each.method_name)
    for name, each in model.signatures.items()
}
loaded = {"tensorflow", "keras", "hnas_tf"} & sys.modules.keys()
assert not loaded, loaded
with open(path, "wb") as file:
    pickle.dump((answers, signatures), file)
"""


class Asked(NamedTuple):
    """What TensorFlow's C API says of a SavedModel.

    Attributes:
        answers: Of every request the outputs, or the text of its error.
        signatures: By name: TF_DataTypes of inputs and outputs by their names,
            and the method's name.
    """

    answers: list
    signatures: dict


def ask(folder, path, *requests):
    """Asks a SavedModel in a process without TensorFlow's Python.

    Args:
        folder: Of the SavedModel.
        path: Of a file to write.
        *requests: Pairs of a signature and its inputs.
    """
    path.write_bytes(pickle.dumps(requests))
    python(_ASKING, folder, path)
    return Asked(*pickle.loads(path.read_bytes()))


def run(command):
    """Runs a command to its good end; returns what it prints."""
    return run_together(command)[0]


def python(program, *arguments):
    """Runs a program in Python; returns what it prints."""
    return run([sys.executable, "-c", program, *arguments])


def run_together(*commands):
    """Runs commands beside one another; returns what each prints."""
    started = [
        subprocess.Popen(
            list(map(str, command)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for command in commands
    ]
    ended = [process.communicate() for process in started]
    for process, (_, err) in zip(started, ended, strict=True):
        assert process.returncode == 0, err
    return [out for out, _ in ended]


def of_images(images):
    return "predict_images", {"images": images}


def of_bytes(*records):
    return "predict_bytes", {"image_bytes": list(records)}


def of_examples(*examples):
    return "classify", {"inputs": list(examples)}


def example(record, *, feature="image/encoded"):
    """Returns a serialized tf.Example that holds a picture."""
    value = tf.train.Feature(bytes_list=tf.train.BytesList(value=[record]))
    features = tf.train.Features(feature={feature: value})
    return tf.train.Example(features=features).SerializeToString()


def some_digits():
    """Returns test digits, uint8 [pictures, 8, 8, 1], and their PNGs."""
    images = digits(TEST).images[:NUM_DIGITS]
    return images, [tf.io.encode_png(image).numpy() for image in images]


def probabilities_of(trained, images):
    """Returns what the trained network says, float32 [pictures, classes]."""
    normalized = normalize(tf.constant(images), trained.description)
    return tf.nn.softmax(trained.model(normalized, training=False)).numpy()


def in_evaluation(trained, records):
    """Returns encoded pictures as an evaluation decodes them."""
    training = trained.config.training
    decode = evaluation_decoder(trained.description, training)
    seed = tf.constant([0, 0])
    return np.stack([decode(tf.constant(r), seed).numpy() for r in records])


def assert_close(found, expected):
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=0, atol=CLOSE)


def untrained(
    genotype=GENOTYPE, *, image_size=(8, 8), training=None, **network
):
    """Returns a network that nobody trained; no weight is as at its start."""
    config = NetworkConfig(**network)
    with one_device().scope():
        model = network_of(genotype, config, image_size=(None, None))
    channels = config.image_channels
    _randomize(model, (10, *image_size, channels))
    description = Description(
        name="random pictures",
        image_size=image_size,
        image_channels=channels,
        class_names=tuple(f"class {n}" for n in range(config.num_classes)),
        mean=(120.0,) * channels,
        std=(60.0,) * channels,
    )
    final = FinalConfig(network=config, training=training or TrainingConfig())
    return Trained(model, final, genotype, description, "", 1)


def _randomize(model, shape):
    """Sets all weights so that no class is certain."""
    rng = np.random.default_rng(0)
    randomize(model, rng)
    logits = model(rng.normal(size=shape).astype(np.float32)).numpy()
    kernel = model.layers[-1].kernel
    kernel.assign(kernel / logits.std())
    model.layers[-1].bias.assign(-logits.mean(axis=0) / logits.std())


def write(trained, folder, *, image_dtype="uint8"):
    """Writes the SavedModel of a network alone; returns its folder."""
    write_saved_model(fold(trained), folder, image_dtype=image_dtype)
    return folder
