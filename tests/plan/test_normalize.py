"""A normalized plan is the same network, in fewer operations."""

import pytest

from hnas_tf.config import NetworkConfig
from hnas_tf.plan import make_plan, normalize, plan_cost
from hnas_tf.plan import plan as kinds
from tests.networks.samples import SPACES, evolved, sparse
from tests.plan.meaning import JOINS, POOLS, Meaning

NETWORKS = [
    {"num_channels": 3, "num_groups": 1},
    {"num_channels": 2, "num_groups": 2, "motif_width": "input"},
    {"num_channels": 4, "kind": "imagenet", "cells_per_group": 2},
]
WITHOUT_WEIGHTS = (*JOINS, *POOLS, kinds.IMAGES, kinds.GLOBAL_AVG_POOL)


@pytest.fixture(scope="module")
def pairs():
    """Returns plans of many genotypes, each with the normalized one."""
    plans = [
        make_plan(draw(space, seed), NetworkConfig(**NETWORKS[seed % 3]))
        for space in SPACES.values()
        for draw in (evolved, sparse)
        for seed in range(40)
    ]
    return [(plan, normalize(plan)) for plan in plans]


def with_weights(plan):
    return [o for o in plan.operations if o.kind not in WITHOUT_WEIGHTS]


def test_a_normalized_plan_computes_the_same(pairs):
    for plan, normalized in pairs:
        meaning = Meaning()
        assert meaning.of(normalized) == meaning.of(plan)


def test_neither_identities_nor_concatenations_are_left(pairs):
    for _, normalized in pairs:
        assert not any(o.kind in JOINS for o in normalized.operations)


def test_no_two_pools_are_equal_and_each_reads_one_value(pairs):
    for _, normalized in pairs:
        pools = [
            (o.kind, *o.inputs)
            for o in normalized.operations
            if o.kind in POOLS
        ]
        assert len(set(pools)) == len(pools)
        assert all(len(pool) == 2 for pool in pools)


def test_operations_with_weights_are_those_of_the_original(pairs):
    for plan, normalized in pairs:
        found, expected = with_weights(normalized), with_weights(plan)
        assert [o._replace(inputs=()) for o in found] == [
            o._replace(inputs=()) for o in expected
        ]


def test_the_weights_and_the_multiply_adds_are_those_of_the_original(pairs):
    for pair in pairs:
        expected, found = (plan_cost(p, image_size=(9, 6)) for p in pair)
        assert found.parameters == expected.parameters
        assert found.multiply_adds == expected.multiply_adds
        assert found.activation_bytes <= expected.activation_bytes


def test_every_input_comes_first_and_every_output_is_read(pairs):
    for _, normalized in pairs:
        for position, operation in enumerate(normalized.operations):
            assert all(0 <= i < position for i in operation.inputs)
        read = {i for o in normalized.operations for i in o.inputs}
        assert read == set(range(len(normalized.operations) - 1))


def test_names_are_unique(pairs):
    for _, normalized in pairs:
        names = [o.name for o in normalized.operations]
        assert len(set(names)) == len(names)


def test_a_pool_is_as_wide_as_what_it_reads(pairs):
    for _, normalized in pairs:
        for operation in normalized.operations:
            if operation.kind in POOLS:
                (source,) = operation.inputs
                assert operation.width == normalized.operations[source].width


def test_the_first_gives_the_images_and_the_last_the_logits(pairs):
    for plan, normalized in pairs:
        assert normalized.operations[0] == plan.operations[0]
        last = normalized.operations[-1]
        assert last._replace(inputs=()) == plan.operations[-1]._replace(
            inputs=()
        )


def test_a_normalized_plan_is_normalized(pairs):
    for _, normalized in pairs:
        assert normalize(normalized) == normalized
