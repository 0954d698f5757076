"""Values in very many parts are joined again, and only those."""

import pytest

from hnas_tf.config import NetworkConfig
from hnas_tf.plan import join_many, make_plan, normalize
from hnas_tf.plan import plan as kinds
from tests.networks.samples import SPACES, evolved
from tests.plan.meaning import POOLS, Meaning

SMALL = NetworkConfig(num_channels=2, num_groups=2)
PART_BY_PART = ("depthwise_conv_3x3", *POOLS)


def normalized(space, seed):
    return normalize(make_plan(evolved(SPACES[space], seed), SMALL))


def parts_read(plan):
    """Returns how many tensors every operation reads, concatenations apart."""
    made, read = [], []
    for operation in plan.operations:
        count = sum(made[i] for i in operation.inputs)
        made.append(count if operation.kind in PART_BY_PART else 1)
        if operation.kind != kinds.CONCATENATE:
            read.append(count)
    return read


@pytest.mark.parametrize("max_parts", [1, 2, 8])
@pytest.mark.parametrize("space", SPACES)
def test_no_operation_reads_more_and_all_computes_the_same(space, max_parts):
    for seed in range(10):
        plan = normalized(space, seed)
        joined = join_many(plan, max_parts)
        assert max(parts_read(joined)) <= max_parts
        meaning = Meaning()
        assert meaning.of(joined) == meaning.of(plan)
        names = [operation.name for operation in joined.operations]
        assert len(set(names)) == len(names)


def test_what_several_read_is_joined_once():
    for seed in range(10):
        joined = join_many(normalized("flat", seed), 3)
        concatenations = [
            operation.inputs
            for operation in joined.operations
            if operation.kind == kinds.CONCATENATE
        ]
        assert len(set(concatenations)) == len(concatenations) > 0


def test_few_parts_are_left_apart():
    for seed in range(10):
        plan = normalized("hierarchical", seed)
        assert join_many(plan, max(parts_read(plan))) == plan


def test_most_flat_networks_have_many_parts():
    plans = [normalized("flat", seed) for seed in range(10)]
    assert sum(max(parts_read(plan)) > 20 for plan in plans) > 5
    assert all(max(parts_read(join_many(plan))) <= 8 for plan in plans)
