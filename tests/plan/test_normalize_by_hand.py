"""What each rule of the normalization makes of small plans."""

import pytest

from hnas_tf.config import NetworkConfig
from hnas_tf.plan import Plan, PlannedOperation, make_plan, normalize
from hnas_tf.plan import plan as kinds
from tests.networks.samples import flat, only

CELL = "group1.cell1."


def cell_of(genotype):
    """Returns a cell's operations as `name -> names of what it reads`."""
    config = NetworkConfig(num_channels=2, num_groups=1)
    operations = normalize(make_plan(genotype, config)).operations
    return {
        o.name.removeprefix(CELL): [
            operations[i].name.removeprefix(CELL) for i in o.inputs
        ]
        for o in operations
        if o.name.startswith(CELL)
    }


def make_plan_of(*operations):
    """Returns the plan of `(kind, inputs, width, name)`, after the images."""
    images = PlannedOperation(kinds.IMAGES, (), 2, 1, kinds.IMAGES)
    others = (PlannedOperation(*o[:3], 1, o[3]) for o in operations)
    return Plan((images, *others))


def read_by(plan, name):
    """Returns the names of what an operation reads."""
    (operation,) = (o for o in plan.operations if o.name == name)
    return [plan.operations[i].name for i in operation.inputs]


def test_a_chain_of_identities_is_what_it_reads():
    chain = flat(("identity",), (None, "identity"), (None, None, "identity"))
    assert cell_of(chain) == cell_of(only("identity"))
    assert cell_of(chain) == {"separable_conv_3x3": ["stem.conv_3x3"]}


def test_who_reads_a_concatenation_reads_its_parts_in_their_order():
    cell = cell_of(flat(("conv_1x1",), ("max_pool_3x3", "conv_1x1")))
    assert cell["separable_conv_3x3"] == [
        "edge_1_3.max_pool_3x3",
        "edge_2_3.conv_1x1",
    ]


def test_a_concatenation_of_concatenations_is_read_in_order_too():
    cell = cell_of(
        flat(
            ("conv_1x1",),
            ("avg_pool_3x3", "identity"),
            ("identity", "max_pool_3x3", "identity"),
        )
    )
    assert cell["separable_conv_3x3"] == [
        "stem.conv_3x3",
        "edge_2_4.max_pool_3x3",
        "edge_1_3.avg_pool_3x3",
        "edge_1_2.conv_1x1",
    ]


def test_a_part_that_stands_twice_is_read_twice():
    twice = flat(("identity",), ("identity", "identity"))
    assert cell_of(twice) == {"separable_conv_3x3": 2 * ["stem.conv_3x3"]}


def test_equal_pools_of_one_value_are_one():
    cell = cell_of(flat(("max_pool_3x3",), ("max_pool_3x3", "conv_1x1")))
    assert cell["edge_2_3.conv_1x1"] == ["edge_1_2.max_pool_3x3"]
    assert cell["separable_conv_3x3"] == [
        "edge_1_2.max_pool_3x3",
        "edge_2_3.conv_1x1",
    ]


def test_a_pool_of_a_concatenation_pools_the_parts_that_are_not_pooled_yet():
    cell = cell_of(
        flat(
            ("conv_1x1",),
            ("identity", "identity"),
            ("max_pool_3x3", None, "max_pool_3x3"),
        )
    )
    assert cell == {
        "edge_1_2.conv_1x1": ["stem.conv_3x3"],
        "edge_1_4.max_pool_3x3": ["stem.conv_3x3"],
        "edge_3_4.max_pool_3x3.part_2": ["edge_1_2.conv_1x1"],
        "separable_conv_3x3": [
            "edge_1_4.max_pool_3x3",
            "edge_1_4.max_pool_3x3",
            "edge_3_4.max_pool_3x3.part_2",
        ],
    }


def test_pools_of_other_kinds_or_of_other_values_stay_two():
    pools = ["max_pool_3x3", "avg_pool_3x3"]
    kinds_of_one = cell_of(flat((pools[0],), (pools[1], "identity")))
    assert kinds_of_one["separable_conv_3x3"] == [
        "edge_1_3.avg_pool_3x3",
        "edge_1_2.max_pool_3x3",
    ]
    of_two_values = cell_of(flat((pools[0],), (None, pools[0])))
    assert of_two_values == {
        "edge_1_2.max_pool_3x3": ["stem.conv_3x3"],
        "edge_2_3.max_pool_3x3": ["edge_1_2.max_pool_3x3"],
        "separable_conv_3x3": ["edge_2_3.max_pool_3x3"],
    }


@pytest.mark.parametrize(
    "kind", ["conv_1x1", "depthwise_conv_3x3", "separable_conv_3x3"]
)
def test_convolutions_of_one_value_stay_two(kind):
    cell = cell_of(flat(("identity",), (kind, kind)))
    assert cell["separable_conv_3x3"] == [
        f"edge_1_3.{kind}",
        f"edge_2_3.{kind}",
    ]


def test_what_nothing_reads_is_left_out_and_what_only_that_reads():
    plan = make_plan_of(
        ("conv_1x1", (0,), 3, "dead"),
        ("max_pool_3x3", (1,), 3, "dead pool"),
        ("max_pool_3x3", (0,), 2, "pool"),
        ("identity", (2,), 3, "dead identity"),
        ("conv_1x1", (3,), 5, "last"),
    )
    normalized = normalize(plan)
    names = [o.name for o in normalized.operations]
    assert names == [kinds.IMAGES, "pool", "last"]
    assert read_by(normalized, "last") == ["pool"]


def test_a_dead_pool_stands_for_no_other():
    plan = make_plan_of(
        ("max_pool_3x3", (0,), 2, "dead"),
        ("max_pool_3x3", (0,), 2, "live"),
        ("conv_1x1", (2,), 5, "last"),
    )
    assert read_by(normalize(plan), "last") == ["live"]
