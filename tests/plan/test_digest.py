"""Equal networks have equal digests, and different ones never do."""

import dataclasses
import itertools
import subprocess
import sys
from random import Random

import pytest

from hnas_tf import load_genotype
from hnas_tf.config import NetworkConfig
from hnas_tf.errors import GenotypeError
from hnas_tf.evolution import mutation
from hnas_tf.genotype import Genotype, Motif, can_be_assembled, live_edges
from hnas_tf.plan import make_plan, network_digest
from tests.networks.samples import SPACES, evolved, sparse
from tests.plan.isomorphism import same_graph

CONFIG = NetworkConfig(num_channels=4, num_groups=1)
DRAWS = (evolved, sparse)


def digest(genotype, config=CONFIG):
    return network_digest(genotype, config)


def flat(*rows):
    return Genotype(((Motif(rows),),))


def genotypes(number):
    """Yields genotypes of all spaces, random and evolved."""
    for space in SPACES.values():
        for draw in DRAWS:
            yield from (draw(space, seed) for seed in range(number))


def with_nodes_traded(motif, rng):
    """Returns the motif with inner nodes in another order, if it has one."""
    edges = {(e.source, e.target): e.operation for e in motif.edges()}
    order = list(range(motif.num_nodes + 1))
    for _ in range(20):
        node = rng.randrange(2, motif.num_nodes) if motif.num_nodes > 2 else 0
        if node and node + 1 < motif.num_nodes:
            pair = (order.index(node), order.index(node + 1))
            if pair not in edges and pair[::-1] not in edges:
                order[pair[0]], order[pair[1]] = node + 1, node
    moved = {(order[s], order[t]): o for (s, t), o in edges.items()}
    return Motif(
        tuple(
            tuple(moved.get((s, t)) for s in range(1, t))
            for t in range(2, motif.num_nodes + 1)
        )
    )


def test_nodes_of_a_motif_may_trade_places():
    rng = Random(0)
    changed = 0
    for genotype in genotypes(20):
        motifs = tuple(
            tuple(with_nodes_traded(motif, rng) for motif in level)
            for level in genotype.motifs
        )
        traded = Genotype(motifs)
        changed += traded != genotype
        assert digest(traded) == digest(genotype)
    assert changed > 20


def test_motifs_may_have_other_numbers():
    genotype = load_genotype("liu2018")
    motifs, (cell,) = genotype.motifs
    count = len(motifs)
    rows = tuple(
        tuple(number and count + 1 - number for number in row)
        for row in cell.rows
    )
    other = Genotype((motifs[::-1], (Motif(rows),)))
    assert other != genotype
    assert digest(other) == digest(genotype)


def reading(cell, *numbers):
    """Returns the cell with edges that name these motifs, one after another."""
    named = itertools.cycle(numbers)
    return Motif(
        tuple(tuple(n and next(named) for n in row) for row in cell.rows)
    )


def test_a_motif_that_nobody_reads_may_be_anything():
    motifs, (cell,) = load_genotype("liu2018").motifs
    first, *others = motifs
    found = {
        digest(Genotype(((first, *order), (reading(cell, 1),))))
        for order in itertools.permutations(others, len(others))
    }
    assert len(found) == 1
    second = Genotype((motifs, (reading(cell, 2),)))
    assert digest(second) not in found


def test_equal_motifs_may_stand_for_each_other():
    (first, _, *others), (cell,) = load_genotype("liu2018").motifs
    motifs = (first, first, *others)
    one = Genotype((motifs, (reading(cell, 1),)))
    two = Genotype((motifs, (reading(cell, 1, 2),)))
    assert one != two
    assert digest(one) == digest(two)


def test_what_nobody_reads_may_be_anything():
    dead = flat(("conv_1x1",), ("max_pool_3x3", None), ("conv_1x1", None, None))
    assert digest(dead) == digest(flat(("conv_1x1",)))


def test_chains_of_identities_may_be_of_any_length():
    chain = flat(("identity",), (None, "identity"), (None, None, "conv_1x1"))
    assert digest(chain) == digest(flat(("conv_1x1",)))


def test_equal_pools_of_one_input_are_one_pool():
    pool, conv = "max_pool_3x3", "conv_1x1"
    twice = flat((pool,), (pool, None), (None, conv, conv))
    once = flat((pool,), (None, None), (None, conv, None))
    assert digest(twice) != digest(once)
    shared = flat((pool,), (None, "identity"), (None, conv, conv))
    assert digest(shared) == digest(twice)


def test_a_convolution_read_twice_is_not_two_convolutions():
    conv, pool, other = "conv_1x1", "max_pool_3x3", "avg_pool_3x3"
    shared = flat((conv,), (None, "identity"), (None, pool, other))
    apart = flat((conv,), (conv, None), (None, pool, other))
    assert digest(shared) != digest(apart)


def test_a_digest_says_exactly_whether_graphs_are_the_same():
    """Held against a matching by trying, over neighbours of random ones."""
    rng = Random(1)
    found = {True: 0, False: 0}
    for genotype in genotypes(15):
        for _ in range(4):
            child = mutation.apply(genotype, mutation.draw(genotype, rng))
            if not can_be_assembled(child):
                continue
            plans = [make_plan(one, CONFIG) for one in (genotype, child)]
            is_same = same_graph(*plans)
            found[is_same] += 1
            assert (digest(genotype) == digest(child)) == is_same
    assert min(found.values()) > 20


def changes(genotype):
    """Yields a genotype for every other operation between live nodes.

    On an edge that is there, or `none`, or on one that is not, if it carries
    something. Of motifs that the cell reads.
    """
    live, used = live_edges(genotype), {1}
    for level in range(len(genotype.motifs) + 1, 1, -1):
        for place in (number - 1 for number in used):
            edges = live[level - 2][place]
            there = {(e.source, e.target): e.operation for e in edges}
            nodes = sorted({node for pair in there for node in pair})
            for pair in itertools.combinations(nodes, 2):
                for operation in set(genotype.operations(level)):
                    carries = operation and (
                        level == 2 or live[level - 3][operation - 1]
                    )
                    if operation != there.get(pair) and (
                        carries or pair in there
                    ):
                        yield changed(genotype, level, place, pair, operation)
        used = {e.operation for n in used for e in live[level - 2][n - 1]}


def changed(genotype, level, place, pair, operation):
    """Returns the genotype with another operation on one edge."""
    motifs = list(genotype.level(level))
    motifs[place] = motifs[place].with_edges([(*pair, operation)])
    levels = list(genotype.motifs)
    levels[level - 2] = tuple(motifs)
    return Genotype(tuple(levels))


@pytest.mark.parametrize("name", ["liu2018", *SPACES])
def test_another_operation_between_live_nodes_is_another_network(name):
    if name in SPACES:
        genotype = evolved(SPACES[name], 1)
    else:
        genotype = load_genotype(name)
    others = list(filter(can_be_assembled, changes(genotype)))
    assert len(others) > 30
    assert digest(genotype) not in map(digest, others)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("num_channels", 8),
        ("num_groups", 2),
        ("cells_per_group", 2),
        ("num_classes", 11),
        ("image_channels", 1),
        ("motif_width", "input"),
        ("kind", "imagenet"),
    ],
)
def test_another_network_around_the_cell_is_another_network(name, value):
    genotype = load_genotype("liu2018")
    other = dataclasses.replace(CONFIG, **{name: value})
    assert digest(genotype, other) != digest(genotype)


def test_how_it_is_computed_is_no_part_of_it():
    genotype = load_genotype("liu2018")
    plain = dataclasses.replace(CONFIG, optimize_graph=False)
    assert digest(genotype, plain) == digest(genotype)


def test_other_versions_find_the_same():
    """Archives hold digests: another one would mean another network."""
    found = digest(load_genotype("liu2018"))
    assert found.startswith("4f63207e7629f74d")


def test_other_processes_find_the_same():
    program = (
        "from hnas_tf import load_genotype\n"
        "from hnas_tf.config import NetworkConfig\n"
        "from hnas_tf.plan import network_digest\n"
        "config = NetworkConfig(num_channels=4, num_groups=1)\n"
        "print(network_digest(load_genotype('liu2018'), config))\n"
    )
    command = [sys.executable, "-c", program]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == digest(load_genotype("liu2018"))


def test_a_cell_that_carries_nothing_has_none():
    with pytest.raises(GenotypeError):
        digest(flat((None,)))
