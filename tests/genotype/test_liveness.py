"""Which edges are live, on tables small enough to follow by eye."""

import pytest

from hnas_tf.genotype import Genotype, Motif, can_be_assembled, live_edges
from tests.genotype.samples import chain, full

C = "conv_1x1"


def places(live):
    return [(edge.source, edge.target) for edge in live]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(((C,),), [(1, 2)], id="a single edge"),
        pytest.param(((None,),), [], id="no edge"),
        pytest.param(((C,), (C, C)), [(1, 2), (1, 3), (2, 3)], id="every edge"),
        pytest.param(((C,), (C, None)), [(1, 3)], id="node 2 is a dead end"),
        pytest.param(((None,), (C, C)), [(1, 3)], id="node 2 is never reached"),
        pytest.param(((None,), (None, C)), [], id="only a dead node to sink"),
        pytest.param(((C,), (None, None)), [], id="nothing into the sink"),
        pytest.param(
            ((None,), (None, C), (C, None, C)),
            [(1, 4)],
            id="a dead chain into the sink",
        ),
        pytest.param(
            ((C,), (None, C), (C, None, None)),
            [(1, 4)],
            id="a chain that ends before the sink",
        ),
        pytest.param(
            ((C,), (None, None), (None, C, C)),
            [(1, 2), (2, 4)],
            id="node 3 is never reached, node 2 is passed",
        ),
        pytest.param(
            ((C,), (C, None), (None, C, None), (None, None, C, C)),
            [(1, 2), (1, 3), (2, 4), (3, 5), (4, 5)],
            id="two chains side by side",
        ),
    ],
)
def test_an_edge_is_live_on_a_path_from_source_to_sink(rows, expected):
    genotype = Genotype(((Motif(rows),),))
    ((live,),) = live_edges(genotype)
    assert places(live) == expected
    assert can_be_assembled(genotype) == bool(expected)
    assert all(edge.operation == C for edge in live)


def test_a_motif_that_carries_nothing_counts_as_none():
    dead = Motif(((C,), (None, None)))
    cell = Motif(((1,), (2, 2)))
    genotype = Genotype(((dead, chain("identity", 3)), (cell,)))
    (of_dead, of_chain), (of_cell,) = live_edges(genotype)
    assert places(of_dead) == []
    assert places(of_chain) == [(1, 2), (2, 3)]
    # Node 2 of the cell is reached by the dead motif alone.
    assert places(of_cell) == [(1, 3)]
    assert can_be_assembled(genotype)


def test_a_cell_of_motifs_that_carry_nothing_carries_nothing():
    dead = Motif(((None,),))
    genotype = Genotype(((dead, chain("identity", 2)), (full(1, 5),)))
    assert live_edges(genotype)[-1] == ((),)
    assert not can_be_assembled(genotype)


def test_death_climbs_through_all_levels():
    dead = Motif(((None,),))
    level_3 = (full(1, 3), Motif(((2,), (1, 2))))
    cell = Motif(((1,), (2, 2)))
    genotype = Genotype(((dead, chain("identity", 2)), level_3, (cell,)))
    _, (of_full, of_other), (of_cell,) = live_edges(genotype)
    assert places(of_full) == []
    assert places(of_other) == [(1, 2), (2, 3)]
    assert places(of_cell) == [(1, 3)]


def test_a_motif_that_nobody_names_is_judged_all_the_same():
    genotype = Genotype(((full(C, 3), chain("identity", 2)), (chain(2, 2),)))
    (of_full, _), _ = live_edges(genotype)
    assert places(of_full) == [(1, 2), (1, 3), (2, 3)]
