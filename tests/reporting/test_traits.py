"""Traits of genotypes, by hand on small ones."""

import pytest

from hnas_tf import load_genotype
from hnas_tf.config import NetworkConfig
from hnas_tf.evolution import Individual, Mutation
from hnas_tf.genotype import PRIMITIVES, Genotype, Motif
from hnas_tf.plan import Cost, Plan, PlannedOperation, make_plan
from hnas_tf.reporting import traits

POOLED = Motif((("max_pool_3x3",), (None, "conv_1x1")))
DEAD_END = Motif((("conv_1x1",), ("avg_pool_3x3", None)))
UNUSED = Motif((("identity",),))
# Edge 1 -> 3 of the second motif alone is live; the third is not used.
GENOTYPE = Genotype(
    ((POOLED, DEAD_END, UNUSED), (Motif(((1,), (1, 2), (None, None, 2))),))
)


def test_live_edges_are_those_in_the_picture():
    assert traits.num_live_edges(GENOTYPE) == 4 + 2 + 1
    assert traits.num_live_edges(Genotype(((POOLED,),))) == 2


def test_primitives_count_as_often_as_they_are_built():
    # The cell has the first motif twice, and twice the second.
    fractions = traits.primitive_fractions(GENOTYPE)
    built = {"max_pool_3x3": 2 / 6, "conv_1x1": 2 / 6, "avg_pool_3x3": 2 / 6}
    assert fractions == {name: built.get(name, 0) for name in PRIMITIVES}


def test_depth_counts_layers_with_weights_on_the_longest_path():
    stem = [
        PlannedOperation("images", (), 3, 1, "images"),
        PlannedOperation("conv_3x3", (0,), 4, 1, "stem"),
        PlannedOperation("max_pool_3x3", (1,), 4, 1, "a"),
        PlannedOperation("separable_conv_3x3", (1,), 4, 1, "b"),
        PlannedOperation("concatenate", (2, 3), 8, 1, "c"),
        PlannedOperation("dense", (4,), 10, 1, "d"),
    ]
    assert traits.depth(Plan(tuple(stem))) == 3


def test_every_operation_of_a_network_has_weights_or_none():
    plan = make_plan(load_genotype("liu2018"), NetworkConfig())
    kinds = {operation.kind for operation in plan.operations}
    without = {"images", "identity", "concatenate", "global_avg_pool"}
    without |= {"max_pool_3x3", "avg_pool_3x3"}
    assert kinds - without == traits.WITH_WEIGHTS


def test_representations_are_told_apart():
    assert traits.representation(GENOTYPE) == "hierarchical"
    assert traits.representation(Genotype(((POOLED,),))) == "flat"


@pytest.mark.parametrize(
    ("mutation", "origin"),
    [
        (Mutation(2, 1, 3, 1, "identity"), "edge added"),
        (Mutation(2, 1, 3, 2, "identity"), "edge altered"),
        (Mutation(3, 1, 3, 2, None), "edge removed"),
        (Mutation(3, 1, 3, 2, 2), "nothing changed"),
        (Mutation(2, 1, 3, 1, None), "nothing changed"),
        (None, "child"),
    ],
)
def test_a_mutation_has_a_kind(mutation, origin):
    child = Individual(2, GENOTYPE, Cost(1, 1, 1), parent=1, mutation=mutation)
    assert traits.origin(child, GENOTYPE) == origin
    assert origin in traits.ORIGINS


@pytest.mark.parametrize("is_given", [True, False])
def test_who_has_no_parent_is_given_or_random(is_given):
    first = Individual(1, GENOTYPE, Cost(1, 1, 1), is_given=is_given)
    origin = "given" if is_given else "random"
    assert traits.origin(first, None) == origin
    assert origin in traits.ORIGINS
