"""A network in both forms, with equal variables, and what a step gives."""

import numpy as np
import tensorflow as tf

from hnas_tf.config import NetworkConfig
from hnas_tf.networks import network_of
from hnas_tf.networks.convolutions import DepthwiseConv, PointwiseConv
from tests.networks.samples import randomize, variables_of

BATCH = 6


def plain_of(genotype, network, **options):
    """Returns the network as the genotype says, with random variables."""
    config = NetworkConfig(**network, optimize_graph=False)
    model = network_of(genotype, config, **options)
    randomize(model, np.random.default_rng(0))
    return model


def optimized_of(genotype, network, plain, **options):
    """Returns the optimized network, with the variables of the plain one."""
    model = network_of(genotype, NetworkConfig(**network), **options)
    copy_variables(plain, model)
    return model


def copy_variables(source, target):
    """Sets the variables of a network to those of its other form."""
    values = variables_of(source)
    for name, variable in variables_of(target).items():
        variable.assign(np.reshape(values[name].numpy(), variable.shape))


def choose(model, *, as_products, pads_tiny=False, as_shifts=False):
    """Sets how the layers of our own compute."""
    for layer in model.layers:
        if isinstance(layer, PointwiseConv):
            layer.as_products = as_products
        elif isinstance(layer, DepthwiseConv):
            layer.pads_tiny = pads_tiny
            layer.as_shifts = as_shifts


def examples_of(model, image_size, seed=0):
    """Returns images, and factors of the logits that make a loss."""
    rng = np.random.default_rng(seed)
    shape = (BATCH, *image_size, model.input.shape[-1])
    images = tf.constant(rng.normal(size=shape), tf.float32)
    factors = rng.normal(size=(BATCH, model.output.shape[-1]))
    return images, tf.constant(factors, tf.float32)


def take_step(model, images, factors):
    """Returns logits, gradients and the averages after a step, by name."""
    named = variables_of(model)
    trained = {name: v.value for name, v in named.items() if v.trainable}
    found = {"inferred": model(images, training=False)}
    with tf.GradientTape() as tape:
        tape.watch(images)
        found["logits"] = model(images, training=True)
        loss = tf.reduce_sum(factors * tf.nn.log_softmax(found["logits"]))
    gradients = tape.gradient(loss, {"images": images, **trained})
    found |= {f"gradient of {name}": g for name, g in gradients.items()}
    for name, variable in named.items():
        if not variable.trainable:
            found[name] = tf.convert_to_tensor(variable.value)
    return found


def results_of(model, examples, *, step=take_step):
    """Returns what a step gives as vectors, and leaves the model as it was."""
    before = model.get_weights()
    found = {
        name: value.numpy().ravel()
        for name, value in step(model, *examples).items()
    }
    model.set_weights(before)
    return found


def errors_of(found, expected):
    """Returns how far vectors are off, as shares of their size.

    A gradient counts as no smaller than a thousandth of all: some are but
    the rounding errors of zero.
    """
    assert found.keys() == expected.keys()
    sizes = {name: np.linalg.norm(value) for name, value in expected.items()}
    gradients = [n for n in expected if n.startswith("gradient")]
    least = 1e-3 * np.linalg.norm([sizes[name] for name in gradients])
    for name in gradients:
        sizes[name] = max(sizes[name], least)
    return {
        name: np.linalg.norm(found[name] - expected[name]) / sizes[name]
        for name in expected
    }
