"""The graph of a plan folds at its names' slashes into the genotype."""

from random import Random

import pytest

from hnas_tf import load_genotype
from hnas_tf.config import NetworkConfig
from hnas_tf.genotype import can_be_assembled, live_edges
from hnas_tf.plan import make_plan
from hnas_tf.reporting.graph import graph_of
from tests.genotype.samples import SPACES, uniform_genotype

CONFIG = NetworkConfig(num_groups=2, cells_per_group=2)


def drawn(space):
    """Returns a random genotype whose cell carries something."""
    rng = Random(0)
    genotypes = (uniform_genotype(space, rng) for _ in range(100))
    return next(filter(can_be_assembled, genotypes))


GENOTYPES = {
    "liu2018": load_genotype("liu2018"),
    **{name: drawn(space) for name, space in SPACES.items()},
}
of_every_kind = pytest.mark.parametrize(
    "genotype", GENOTYPES.values(), ids=GENOTYPES
)


@of_every_kind
def test_the_graph_folds_into_groups_cells_and_edges(genotype):
    nodes = graph_of(make_plan(genotype, CONFIG)).node
    top = {node.name.partition("/")[0] for node in nodes}
    assert top == {"images", "stem", "group1", "group2", "head"}
    edges = {
        f"edge_{edge.source}_{edge.target}"
        for edge in live_edges(genotype)[-1][0]
    }
    for cell in ("group1/cell1/", "group1/cell2/", "group2/cell2/"):
        within = {
            node.name.removeprefix(cell).partition("/")[0]
            for node in nodes
            if node.name.startswith(cell)
        }
        assert {name for name in within if name.startswith("edge")} == edges


@of_every_kind
def test_names_are_those_of_nodes_or_of_groups_of_them(genotype):
    plan = make_plan(genotype, CONFIG)
    nodes = graph_of(plan).node
    names = [node.name for node in nodes]
    assert len(set(names)) == len(names)
    above = {
        name[:end]
        for name in names
        for end in range(len(name))
        if name[end] == "/"
    }
    assert not above & set(names)
    for node, operation in zip(nodes, plan.operations, strict=True):
        assert list(node.input) == [names[i] for i in operation.inputs]
        (shape,) = node.attr["_output_shapes"].list.shape
        assert shape.dim[-1].size == node.attr["width"].i == operation.width
        assert node.op == operation.kind
