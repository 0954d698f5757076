"""Genotypes and variables for the tests of networks."""

from random import Random

from hnas_tf.evolution.initialization import random_genotype
from hnas_tf.genotype import (
    FLAT,
    HIERARCHICAL,
    PRIMITIVES,
    Genotype,
    LevelSize,
    Motif,
    SearchSpace,
)
from tests.genotype.samples import uniform_genotype
from tests.networks.interpretation import carries

SPACES = {
    "hierarchical": HIERARCHICAL,
    "flat": FLAT,
    "four_levels": SearchSpace(
        (LevelSize(3, 3), LevelSize(2, 3), LevelSize(1, 4))
    ),
}


def assembled(draw, seed):
    """Returns the first genotype of `draw(rng)` whose cell carries anything."""
    rng = Random(seed)
    while True:
        genotype = draw(rng)
        if carries(genotype, genotype.num_levels, 1):
            return genotype


def evolved(space, seed):
    """Returns a random genotype as a search makes them."""
    return assembled(lambda rng: random_genotype(space, rng), seed)


def sparse(space, seed):
    """Returns a random genotype much of which is dead."""
    return assembled(
        lambda rng: uniform_genotype(space, rng, none_share=0.5), seed
    )


def flat(*rows):
    """Returns the flat genotype of a cell."""
    return Genotype(((Motif(rows),),))


def only(operation):
    """Returns the flat genotype of one edge."""
    return flat((operation,))


def everything():
    """Returns a flat genotype that has every primitive."""
    first, second, *others = PRIMITIVES
    return flat((first,), (second, others[0]), tuple(others[1:]))


def in_parts():
    """Returns a flat genotype in which every kind of our layers gets parts."""
    return flat(
        ("conv_1x1",),
        ("max_pool_3x3", "identity"),
        ("identity", None, "depthwise_conv_3x3"),
        (None, None, "conv_1x1", "identity"),
    )


def variables_of(model):
    """Returns the variables of a network by `layer/variable`."""
    return {
        f"{layer.name}/{variable.name}": variable
        for layer in model.layers
        for variable in layer.variables
    }


def randomize(model, rng):
    """Sets every variable to something that nothing starts with."""
    for variable in model.variables:
        shape = variable.shape
        if variable.name == "kernel":
            scale = variable.numpy()[..., 0].size ** -0.5
            variable.assign(rng.normal(scale=2 * scale, size=shape))
        elif variable.name in ("gamma", "moving_variance"):
            variable.assign(rng.uniform(0.5, 1.5, size=shape))
        else:
            variable.assign(rng.normal(scale=0.5, size=shape))
