"""Motifs: shape, edges, copies."""

import dataclasses

import pytest

from hnas_tf.errors import GenotypeError
from hnas_tf.genotype import Edge, Motif

ROWS = (("conv_1x1",), (None, "identity"), ("max_pool_3x3", None, None))


@pytest.mark.parametrize("num_rows", [0, 64, 200])
def test_a_motif_has_2_to_64_nodes(num_rows):
    rows = tuple((None,) * number for number in range(1, num_rows + 1))
    with pytest.raises(GenotypeError, match=r"2 to 64 nodes\. Received: "):
        Motif(rows)


@pytest.mark.parametrize("num_nodes", [2, 64])
def test_the_smallest_and_the_largest_motif_are_allowed(num_nodes):
    rows = tuple((None,) * number for number in range(1, num_nodes))
    assert Motif(rows).num_nodes == num_nodes


@pytest.mark.parametrize(
    ("rows", "number", "length"),
    [
        (((),), 1, 0),
        (((None, None),), 1, 2),
        (((None,), (None,)), 2, 1),
        (((None,), (None, None), (None, None)), 3, 2),
        (((None,), (None, None, None), (None,)), 2, 3),
    ],
)
def test_a_ragged_row_is_named_by_its_number(rows, number, length):
    words = rf"Row {number} .* {number} operations\. Received: {length} "
    with pytest.raises(GenotypeError, match=words):
        Motif(rows)


def test_an_operation_is_found_by_source_and_target():
    motif = Motif(ROWS)
    assert motif.operation(source=1, target=2) == "conv_1x1"
    assert motif.operation(source=1, target=3) is None
    assert motif.operation(source=2, target=3) == "identity"
    assert motif.operation(source=1, target=4) == "max_pool_3x3"


def test_edges_come_by_target_then_source_and_leave_out_none():
    assert list(Motif(ROWS).edges()) == [
        Edge(1, 2, "conv_1x1"),
        Edge(2, 3, "identity"),
        Edge(1, 4, "max_pool_3x3"),
    ]


def test_with_edges_returns_a_copy_and_leaves_the_motif_alone():
    motif = Motif(ROWS)
    altered = motif.with_edges([Edge(3, 4, "identity"), Edge(1, 2, None)])
    assert motif == Motif(ROWS)
    assert altered.rows == (
        (None,),
        (None, "identity"),
        ("max_pool_3x3", None, "identity"),
    )


def test_of_two_edges_in_the_same_place_the_last_counts():
    edges = [Edge(1, 3, "identity"), Edge(1, 3, "conv_1x1")]
    assert Motif(ROWS).with_edges(edges).rows[1][0] == "conv_1x1"


def test_a_motif_cannot_be_altered():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Motif(ROWS).rows = ((None,),)


def test_equal_motifs_hash_alike():
    assert hash(Motif(ROWS)) == hash(Motif(ROWS))
    assert Motif(ROWS) != Motif(ROWS[:2])
