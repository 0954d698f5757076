"""Plans of known genotypes: groups, live edges, names."""

from hypothesis import assume, given
from hypothesis import strategies as st

from hnas_tf import load_genotype
from hnas_tf.config import NetworkConfig
from hnas_tf.genotype import Genotype, Motif, can_be_assembled, live_edges
from hnas_tf.plan import make_plan
from hnas_tf.plan import plan as kinds
from tests.genotype.samples import REPEATABLE, chain, genotypes


@given(
    genotypes(),
    st.builds(
        NetworkConfig,
        num_channels=st.integers(1, 9),
        cells_per_group=st.integers(1, 3),
        num_groups=st.integers(1, 4),
    ),
)
@REPEATABLE
def test_groups_double_the_width_and_halve_the_resolution(genotype, config):
    assume(can_be_assembled(genotype))
    plan = make_plan(genotype, config)
    ends = [
        (o.width, o.stride)
        for o in plan.operations
        if o.kind == "separable_conv_3x3" and o.name.count(".") == 2
    ]
    expected = []
    for group in range(config.num_groups):
        width = config.num_channels * 2**group
        expected += [(width, 1)] * config.cells_per_group
        if group + 1 < config.num_groups:
            expected[-1] = (2 * width, 2)
    assert ends == expected
    strided = [o for o in plan.operations if o.stride != 1]
    assert len(strided) == config.num_groups - 1


@given(genotypes(), st.integers(1, 3))
@REPEATABLE
def test_a_cell_has_an_operation_for_every_live_edge(genotype, num_groups):
    assume(can_be_assembled(genotype))
    plan = make_plan(genotype, NetworkConfig(num_groups=num_groups))
    live = live_edges(genotype)

    def count(level, number):
        edges = live[level - 2][number - 1]
        if level == 2:
            return len(edges)
        after = 1 if level == 3 else 0
        return sum(count(level - 1, e.operation) + after for e in edges)

    in_cells = [
        o
        for o in plan.operations
        if ".edge_" in o.name and o.kind != kinds.CONCATENATE
    ]
    assert len(in_cells) == num_groups * count(genotype.num_levels, 1)


def test_dead_parts_are_not_in_the_plan():
    dead = Motif((("conv_1x1",), (None, None)))
    # Node 2 is a dead end; edge 1 -> 3 names the motif that carries nothing.
    cell = Motif(((2,), (1, None), (2, None, 2)))
    genotype = Genotype(((dead, chain("identity", 2)), (cell,)))
    plan = make_plan(genotype, NetworkConfig(num_groups=1))
    edge = "group1.cell1.edge_1_4.motif2"
    assert [operation.name for operation in plan.operations] == [
        "images",
        "stem.conv_3x3",
        f"{edge}.edge_1_2.identity",
        f"{edge}.conv_1x1",
        "group1.cell1.separable_conv_3x3",
        "head.global_avg_pool",
        "head.dense",
    ]


def test_names_say_where_an_operation_comes_from():
    config = NetworkConfig(cells_per_group=2)
    plan = make_plan(load_genotype("liu2018"), config)
    by_name = {operation.name: operation for operation in plan.operations}
    operation = by_name["group3.cell2.edge_2_4.motif1.edge_1_3.conv_1x1"]
    assert (operation.kind, operation.width) == ("conv_1x1", 64)
    source = plan.operations[operation.inputs[0]]
    # Node 2 of the cell has a single part: the motif on edge 1 -> 2.
    assert source.name == "group3.cell2.edge_1_2.motif5.conv_1x1"
    assert by_name["group2.cell1.node_5"].kind == kinds.CONCATENATE
    assert len(by_name["group2.cell1.node_5"].inputs) == 4


def test_equal_genotypes_give_equal_plans():
    config = NetworkConfig()
    genotype = load_genotype("liu2018")
    assert make_plan(genotype, config) == make_plan(genotype, config)


def test_a_flat_cell_has_no_convolution_after_it():
    flat = Genotype(((chain("identity", 11),),))
    plan = make_plan(flat, NetworkConfig(num_groups=1))
    assert [o.kind for o in plan.operations if o.kind.startswith("conv")] == [
        "conv_3x3"
    ]


def test_only_level_2_motifs_are_followed_by_a_convolution():
    genotype = Genotype(
        ((chain("identity", 2),), (chain(1, 2),), (chain(1, 2),))
    )
    plan = make_plan(genotype, NetworkConfig(num_groups=1))
    assert [o.name for o in plan.operations if o.kind == "conv_1x1"] == [
        "group1.cell1.edge_1_2.motif1.edge_1_2.motif1.conv_1x1"
    ]


def test_an_imagenet_network_starts_with_a_group_of_one_cell():
    config = NetworkConfig(
        kind="imagenet", num_channels=5, cells_per_group=2, num_groups=3
    )
    plan = make_plan(Genotype(((chain("max_pool_3x3", 2),),)), config)
    assert [
        (o.name, o.width, o.stride)
        for o in plan.operations
        if ".edge_" not in o.name
    ] == [
        ("images", 3, 1),
        ("stem.conv_3x3_1", 2, 2),
        ("stem.conv_3x3_2", 5, 2),
        ("group1.cell1.separable_conv_3x3", 10, 2),
        ("group2.cell1.separable_conv_3x3", 10, 1),
        ("group2.cell2.separable_conv_3x3", 20, 2),
        ("group3.cell1.separable_conv_3x3", 20, 1),
        ("group3.cell2.separable_conv_3x3", 20, 1),
        ("head.global_avg_pool", 20, 1),
        ("head.dense", 10, 1),
    ]
