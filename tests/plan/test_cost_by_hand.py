"""Costs of tiny networks, counted by hand.

A convolution brings its weights, and a scale and an offset for every output
channel. What is kept for the gradient: a convolution's output and that of
its batch norm and ReLU; in a separable one also the depthwise half's; the
output of a pool, a concatenation, the images, the head.
"""

import pytest

from hnas_tf.genotype import Genotype, Motif
from hnas_tf.plan import Cost, network_cost
from tests.genotype.samples import chain


def flat(*rows):
    return Genotype(((Motif(rows),),))


def test_a_chain_of_one_convolution_in_one_group():
    cost = network_cost(
        flat(("conv_1x1",)),
        image_size=(4, 5),
        num_channels=2,
        num_groups=1,
        num_classes=3,
    )
    # stem 3x3: 3 -> 2; cell 1x1: 2 -> 2; separable 3x3: 2 -> 2; head: 2 -> 3.
    parameters = (27 * 2 + 4) + (2 * 2 + 4) + (9 * 2 + 2 * 2 + 4) + (2 * 3 + 3)
    multiply_adds = 20 * (27 * 2 + 2 * 2 + 9 * 2 + 2 * 2) + 2 * 3
    kept = 20 * (3 + 2 * 2 + 2 * 2 + (2 + 2 * 2)) + 2 + 3
    assert cost == Cost(parameters, multiply_adds, 4 * kept)
    assert cost == Cost(101, 1606, 1380)


@pytest.mark.parametrize(
    ("size", "halved"),
    [((4, 6), (2, 3)), ((5, 7), (3, 4)), ((1, 1), (1, 1)), ((3, 2), (2, 1))],
)
def test_a_stride_of_2_halves_odd_sizes_upwards(size, halved):
    cost = network_cost(
        flat(("max_pool_3x3",)),
        image_size=size,
        batch_size=2,
        num_channels=4,
        num_groups=2,
        num_classes=5,
        image_channels=1,
    )
    large, small = size[0] * size[1], halved[0] * halved[1]
    # Pools have no parameters; the cells' convolutions go 4 -> 8 -> 8.
    first, second = 9 * 4 + 4 * 8, 9 * 8 + 8 * 8
    parameters = (9 * 4 + 8) + (first + 16) + (second + 16) + (8 * 5 + 5)
    multiply_adds = large * 9 * 4 + small * (first + second) + 8 * 5
    kept = large * (1 + 2 * 4 + 4) + small * (4 + 16 + 8 + 8 + 16) + 8 + 5
    assert cost == Cost(parameters, multiply_adds, 2 * 4 * kept)


def test_the_stem_of_imagenet_halves_the_resolution_twice():
    cost = network_cost(
        flat(("identity",)),
        kind="imagenet",
        image_size=(9, 6),
        num_channels=5,
        cells_per_group=7,
        num_groups=1,
        num_classes=2,
    )
    # 54 pixels, then 5 x 3, then 3 x 2; 3 -> 2 -> 5 channels.
    separable = 9 * 5 + 5 * 5
    assert cost.parameters == (
        (27 * 2 + 4) + (18 * 5 + 10) + (separable + 10) + (5 * 2 + 2)
    )
    assert cost.multiply_adds == (
        15 * 27 * 2 + 6 * (18 * 5 + separable) + 5 * 2
    )
    kept = 54 * 3 + 15 * 2 * 2 + 6 * (2 * 5 + 5 + 2 * 5) + 5 + 2
    assert cost.activation_bytes == 4 * kept


@pytest.mark.parametrize(
    ("operation", "parameters", "multiply_adds", "kept", "width"),
    [
        ("conv_1x1", 6 * 3 + 6, 6 * 3, 6, 3),
        ("depthwise_conv_3x3", 9 * 6 + 12, 9 * 6, 12, 6),
        ("separable_conv_3x3", 9 * 6 + 6 * 3 + 6, 9 * 6 + 6 * 3, 6 + 6, 3),
        ("max_pool_3x3", 0, 0, 6, 6),
        ("avg_pool_3x3", 0, 0, 6, 6),
        ("identity", 0, 0, 0, 6),
    ],
)
def test_a_primitive_on_a_concatenation(
    operation, parameters, multiply_adds, kept, width
):
    # Node 3 is the concatenation of the stem twice: 6 channels.
    cell = flat(
        ("identity",), ("identity", "identity"), (None, None, operation)
    )
    cost = network_cost(
        cell, image_size=1, num_channels=3, num_groups=1, num_classes=1
    )
    separable = 9 * width + width * 3
    assert cost.parameters == (
        (27 * 3 + 6) + parameters + (separable + 6) + (3 + 1)
    )
    assert cost.multiply_adds == 27 * 3 + multiply_adds + separable + 3
    assert cost.activation_bytes == 4 * (3 + 6 + 6 + kept + (width + 6) + 3 + 1)


@pytest.mark.parametrize(("motif_width", "width"), [("cell", 2), ("input", 4)])
def test_the_convolution_after_a_motif(motif_width, width):
    # Node 3 concatenates to 4 channels; motif 2 makes 8 of them, and its
    # convolution makes those as many as the cell has (2) or node 3 (4).
    doubling = Motif((("identity",), ("identity", "identity")))
    cell = Motif(((1,), (1, 1), (None, None, 2)))
    genotype = Genotype(((chain("identity", 2), doubling), (cell,)))
    cost = network_cost(
        genotype,
        image_size=1,
        num_channels=2,
        num_groups=1,
        num_classes=1,
        motif_width=motif_width,
    )
    motifs = 3 * (2 * 2 + 4) + (8 * width + 2 * width)
    separable = 9 * width + width * 2 + 4
    assert cost.parameters == (27 * 2 + 4) + motifs + separable + (2 + 1)
    kept_in_motifs = 3 * 4 + 4 + 8 + 2 * width
    kept_elsewhere = 3 + 4 + (width + 4) + 2 + 1
    assert cost.activation_bytes == 4 * (kept_in_motifs + kept_elsewhere)
