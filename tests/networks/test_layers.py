"""Which layers are built, and what they are called."""

import re

import keras
import pytest

from hnas_tf.errors import GenotypeError, HnasError
from hnas_tf.genotype import Genotype, Motif
from hnas_tf.networks import cifar_network
from hnas_tf.networks.convolutions import DepthwiseConv
from tests.networks.samples import SPACES, evolved, flat, in_parts, only

SMALL = {"num_channels": 2, "num_groups": 1, "image_size": (4, 4)}

PLACE = r"(edge_\d+_\d+\.(motif\d+\.)?)*"
LAYER = re.compile(
    rf"images|stem\.conv_3x3\.\w+|head\.(global_avg_pool|dense)"
    rf"|group\d\.cell\d\.{PLACE}(node_\d+|[a-z]+_pool_3x3\.part_\d+"
    r"|[a-z0-9_]+(\.[a-z_]+)?)"
)

both_forms = pytest.mark.parametrize("optimize_graph", [True, False])


def names_of(genotype, **network):
    model = cifar_network(genotype, **{**SMALL, **network})
    return [layer.name for layer in model.layers]


def cell_names(genotype, **network):
    """Returns the sorted names of the layers inside of the one cell."""
    prefix = "group1.cell1."
    return sorted(
        name.removeprefix(prefix)
        for name in names_of(genotype, **network)
        if name.startswith(prefix) and ".separable_conv_3x3" not in name
    )


@both_forms
@pytest.mark.parametrize("space", SPACES)
def test_names_are_unique_and_tell_the_place(space, optimize_graph):
    genotype = evolved(SPACES[space], 0)
    names = names_of(genotype, num_groups=2, optimize_graph=optimize_graph)
    assert len(set(names)) == len(names)
    assert [name for name in names if not LAYER.fullmatch(name)] == []


@both_forms
def test_a_name_is_the_path_through_the_genotype(optimize_graph):
    below = Motif((("conv_1x1",), ("max_pool_3x3", "identity")))
    cell = Motif(((1,), (None, 1)))
    names = cell_names(
        Genotype(((below,), (cell,))), optimize_graph=optimize_graph
    )
    assert names == sorted(
        f"edge_{edge}.motif1.{name}"
        for edge in ("1_2", "2_3")
        for name in (
            "edge_1_2.conv_1x1.conv",
            "edge_1_2.conv_1x1.batch_norm_relu",
            "edge_1_3.max_pool_3x3",
            *([] if optimize_graph else ["node_3"]),
            "conv_1x1.conv",
            "conv_1x1.batch_norm_relu",
        )
    )


@both_forms
def test_stem_and_head_and_the_convolutions_between_cells_have_names(
    optimize_graph,
):
    separable = ["depthwise", "pointwise", "batch_norm_relu"]
    names = names_of(
        only("identity"),
        num_groups=2,
        cells_per_group=2,
        optimize_graph=optimize_graph,
    )
    assert names == [
        "images",
        "stem.conv_3x3.conv",
        "stem.conv_3x3.batch_norm_relu",
        *(
            f"group{group}.cell{cell}.separable_conv_3x3.{part}"
            for group in (1, 2)
            for cell in (1, 2)
            for part in separable
        ),
        "head.global_avg_pool",
        "head.dense",
    ]


def test_dead_nodes_are_not_built():
    genotype = flat(
        ("conv_1x1",),  # 2 leads nowhere.
        (None, None),  # 3 is reached by nothing.
        ("max_pool_3x3", None, "conv_1x1"),
    )
    assert cell_names(genotype) == ["edge_1_4.max_pool_3x3"]


def test_an_edge_whose_motif_carries_nothing_is_not_built():
    empty = Motif((("conv_1x1",), (None, None)))
    pool = Motif(((None,), ("avg_pool_3x3", None)))
    cell = Motif(((1,), (2, 2)))
    assert cell_names(Genotype(((empty, pool), (cell,)))) == [
        "edge_1_3.motif2.conv_1x1.batch_norm_relu",
        "edge_1_3.motif2.conv_1x1.conv",
        "edge_1_3.motif2.edge_1_3.avg_pool_3x3",
    ]


def test_a_node_of_one_edge_is_no_concatenation():
    chain = flat(("max_pool_3x3",), (None, "avg_pool_3x3"))
    both = flat(("max_pool_3x3",), ("identity", "avg_pool_3x3"))
    pools = ["edge_1_2.max_pool_3x3", "edge_2_3.avg_pool_3x3"]
    assert cell_names(chain, optimize_graph=False) == pools
    assert cell_names(both, optimize_graph=False) == [*pools, "node_3"]


def test_no_node_of_an_optimized_network_is_a_concatenation():
    model = cifar_network(in_parts(), **SMALL)
    made = {type(layer) for layer in model.layers}
    assert DepthwiseConv in made and keras.layers.Concatenate not in made


def test_the_pools_of_parts_have_the_numbers_of_the_parts():
    genotype = flat(
        ("conv_1x1",),
        ("conv_1x1", "avg_pool_3x3"),
        (None, None, "avg_pool_3x3"),
    )
    pools = [name for name in cell_names(genotype) if "pool" in name]
    assert pools == [
        "edge_2_3.avg_pool_3x3",
        "edge_3_4.avg_pool_3x3.part_1",
        "edge_3_4.avg_pool_3x3.part_2",
    ]


@pytest.mark.parametrize(("optimize_graph", "pools"), [(True, 1), (False, 2)])
def test_equal_pools_are_one_layer_where_the_graph_is_optimized(
    optimize_graph, pools
):
    genotype = flat(("max_pool_3x3",), ("max_pool_3x3", "identity"))
    names = cell_names(genotype, optimize_graph=optimize_graph)
    assert sum("pool" in name for name in names) == pools


def test_a_cell_that_carries_nothing_is_refused():
    with pytest.raises(GenotypeError, match="cell that carries nothing"):
        cifar_network(flat(("conv_1x1",), (None, None)))


def test_a_cell_of_motifs_that_carry_nothing_is_refused():
    empty = Motif(((None,),))
    with pytest.raises(GenotypeError, match="cell that carries nothing"):
        cifar_network(Genotype(((empty,), (Motif(((1,),)),))))


@both_forms
def test_no_convolution_has_a_bias(optimize_graph):
    model = cifar_network(
        evolved(SPACES["hierarchical"], 0),
        optimize_graph=optimize_graph,
        **SMALL,
    )
    biased = [
        layer.name
        for layer in model.layers
        if any(variable.name == "bias" for variable in layer.variables)
    ]
    assert biased == ["head.dense"]


def test_an_attribute_out_of_range_is_refused():
    with pytest.raises(HnasError, match="`num_channels` must be at least 1"):
        cifar_network(only("identity"), num_channels=0)


def test_one_number_is_the_size_of_a_square():
    model = cifar_network(only("identity"), **{**SMALL, "image_size": 6})
    assert isinstance(model, keras.Model)
    assert model.input.shape == (None, 6, 6, 3)
    assert model.output.shape == (None, 10)
