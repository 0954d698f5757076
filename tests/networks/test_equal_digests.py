"""Networks of equal digests compute the same, given the same weights.

Which operation is which is found by a matching. Where inputs are concatenated
in another order, channels come in another order, and so do the weights that
read them.
"""

from random import Random

import numpy as np
import pytest

from hnas_tf.config import NetworkConfig
from hnas_tf.evolution import mutation
from hnas_tf.genotype import can_be_assembled
from hnas_tf.networks import network_of
from hnas_tf.plan import make_plan, network_digest, normalize
from tests.networks.samples import SPACES, evolved, sparse, variables_of
from tests.plan.isomorphism import matching
from tests.plan.test_digest import with_nodes_traded

CONFIG = NetworkConfig(
    num_channels=4, num_groups=2, cells_per_group=1, optimize_graph=False
)
# Whose output has the channels of what they read.
KEEPING = (
    *("max_pool_3x3", "avg_pool_3x3", "identity", "concatenate"),
    *("depthwise_conv_3x3", "global_avg_pool"),
)


def relatives(space, seed):
    """Yields pairs of different genotypes whose digests are equal."""
    rng = Random(seed)
    for draw in (evolved, sparse):
        genotype = draw(space, seed)
        motifs = tuple(
            tuple(with_nodes_traded(motif, rng) for motif in level)
            for level in genotype.motifs
        )
        traded = type(genotype)(motifs)
        other = mutation.apply(traded, mutation.draw(traded, rng))
        for _ in range(200):
            is_another = other != genotype and can_be_assembled(other)
            if is_another and digest(other) == digest(genotype):
                yield genotype, other
                break
            other = mutation.apply(traded, mutation.draw(traded, rng))


def digest(genotype):
    return network_digest(genotype, CONFIG)


def channel_orders(ours, theirs, matched):
    """Yields, for each of our operations, its channels in and out.

    As theirs come: their channel k is our channel `order[k]`.
    """
    back = {other: one for one, other in matched.items()}
    orders = []
    for place, operation in enumerate(ours):
        starts, start = {}, 0
        for i in operation.inputs:
            starts.setdefault(i, []).append(start)
            start += ours[i].width
        fan = []
        for i in theirs[matched[place]].inputs:
            offset = starts[back[i]].pop(0)
            fan += [offset + channel for channel in orders[back[i]]]
        is_kept = operation.kind in KEEPING
        orders.append(fan if is_kept else list(range(operation.width)))
        yield fan, orders[-1]


def reordered(name, value, fan, out):
    """Returns a variable of ours as theirs has it."""
    layer, variable = name.rsplit("/", 1)
    if layer.endswith(".depthwise"):
        return value[:, :, fan, :]
    if variable == "kernel":
        return value[..., fan, :]
    return value[out]


def map_weights(plans, matched, first, second):
    """Gives the second network the weights of the first; returns which."""
    ours, theirs = plans
    there, given = variables_of(second), set()
    here = variables_of(first).items()
    orders = channel_orders(ours, theirs, matched)
    for place, (fan, out) in enumerate(orders):
        name, other = ours[place].name, theirs[matched[place]].name
        for path, variable in here:
            if path.rsplit("/", 1)[0] in own_layers(name):
                target = other + path.removeprefix(name)
                value = reordered(path, variable.numpy(), fan, out)
                there[target].assign(value)
                given.add(target)
    return given


def own_layers(name):
    parts = ("conv", "depthwise", "pointwise", "batch_norm_relu")
    return {name, *(f"{name}.{part}" for part in parts)}


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("seed", range(3))
def test_networks_of_equal_digests_agree_in_outputs(space, seed):
    rng = np.random.default_rng(seed)
    images = rng.normal(size=(2, 8, 8, 3)).astype(np.float32)
    pairs = list(relatives(SPACES[space], seed))
    assert pairs
    for pair in pairs:
        first, second = (
            network_of(one, CONFIG, image_size=(8, 8)) for one in pair
        )
        for variable in first.variables:
            drawn = rng.normal(1.0, 0.3, size=variable.shape)
            variable.assign(np.abs(drawn))
        plans = [make_plan(one, CONFIG) for one in pair]
        matched = matching(*plans)
        normalized = [normalize(plan).operations for plan in plans]
        given = map_weights(normalized, matched, first, second)
        # What nobody reads has no weights, in either of them.
        assert len(given) == len(first.variables) == len(second.variables)
        for training in (False, True):
            expected = first(images, training=training).numpy()
            found = second(images, training=training).numpy()
            scale = np.abs(expected).max()
            np.testing.assert_allclose(
                found / scale, expected / scale, atol=1e-5
            )
