"""Golden numbers of the paper's learned cell."""

import pytest

from hnas_tf import load_genotype
from hnas_tf.config import NetworkConfig
from hnas_tf.plan import make_plan, network_cost, plan_cost

LIU2018 = load_genotype("liu2018")


@pytest.mark.parametrize(
    ("network", "parameters"),
    [
        ({"num_channels": 64, "cells_per_group": 2}, 15_727_306),
        ({"num_channels": 16, "cells_per_group": 1}, 542_138),
        ({"num_channels": 128, "cells_per_group": 2}, 61_896_074),
        (
            {
                "num_channels": 64,
                "cells_per_group": 2,
                "motif_width": "input",
            },
            21_895_754,
        ),
    ],
)
def test_liu2018_has_the_papers_number_of_parameters(network, parameters):
    assert network_cost(LIU2018, **network).parameters == parameters


def test_liu2018_on_imagenet_costs_about_what_the_paper_says():
    cost = network_cost(
        LIU2018,
        kind="imagenet",
        num_channels=64,
        cells_per_group=2,
        num_groups=4,
        num_classes=1000,
        image_size=299,
    )
    assert cost.parameters == 62_832_520
    assert cost.multiply_adds == 15_417_190_272


def test_parameters_do_not_depend_on_image_or_batch_size():
    small = network_cost(LIU2018, image_size=24)
    large = network_cost(LIU2018, image_size=(33, 40), batch_size=256)
    assert small.parameters == large.parameters == 542_138


def test_multiply_adds_do_not_depend_on_the_batch_size():
    one = network_cost(LIU2018, image_size=24)
    many = network_cost(LIU2018, image_size=24, batch_size=7)
    assert one.multiply_adds == many.multiply_adds
    assert 7 * one.activation_bytes == many.activation_bytes


def test_one_number_is_the_size_of_a_square():
    assert network_cost(LIU2018, image_size=32) == network_cost(
        LIU2018, image_size=(32, 32)
    )


def test_the_cost_of_a_network_is_that_of_its_plan():
    network = {"num_channels": 8, "cells_per_group": 2, "num_groups": 2}
    plan = make_plan(LIU2018, NetworkConfig(**network))
    assert plan_cost(plan, image_size=(32, 32), batch_size=3) == network_cost(
        LIU2018, batch_size=3, **network
    )
