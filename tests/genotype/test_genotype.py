"""Genotypes: levels, and which operation an edge may carry."""

import pytest

from hnas_tf.errors import GenotypeError, HnasError
from hnas_tf.genotype import PRIMITIVES, Genotype, Motif
from tests.genotype.samples import chain

LEVEL_2 = (chain("identity", 3), chain("conv_1x1", 4))


def test_levels_are_counted_from_the_primitives():
    genotype = Genotype((LEVEL_2, (chain(2, 3),)))
    assert genotype.num_levels == 3
    assert genotype.level(2) == LEVEL_2
    assert genotype.level(3) == (genotype.cell,)


def test_an_edge_may_carry_none_or_what_the_level_below_has():
    genotype = Genotype((LEVEL_2, (chain(2, 3),)))
    assert genotype.operations(2) == (None, *PRIMITIVES)
    assert genotype.operations(3) == (None, 1, 2)


def test_there_are_the_six_primitives_of_the_paper():
    assert set(PRIMITIVES) == {
        "conv_1x1",
        "depthwise_conv_3x3",
        "separable_conv_3x3",
        "max_pool_3x3",
        "avg_pool_3x3",
        "identity",
    }
    widths = [p.name for p in PRIMITIVES.values() if p.sets_width]
    assert widths == ["conv_1x1", "separable_conv_3x3"]


@pytest.mark.parametrize("num_levels", [0, 8, 100])
def test_there_are_1_to_7_levels_of_motifs(num_levels):
    motifs = tuple((chain(None, 2),) for _ in range(num_levels))
    words = rf"1 to 7 levels of motifs\. Received: {num_levels} levels"
    with pytest.raises(GenotypeError, match=words):
        Genotype(motifs)


@pytest.mark.parametrize("num_motifs", [0, 65])
def test_a_level_has_1_to_64_motifs(num_motifs):
    middle = (chain(1, 3),) * num_motifs
    words = rf"Level 3 must .* 1 to 64 .* Received: {num_motifs} motifs"
    with pytest.raises(GenotypeError, match=words):
        Genotype((LEVEL_2, middle, (chain(None, 2),)))


def test_the_top_level_is_one_cell():
    with pytest.raises(GenotypeError, match=r"one motif.* Received: 2 motifs"):
        Genotype((LEVEL_2,))


@pytest.mark.parametrize("wrong", ["conv_5x5", "", "CONV_1X1", "none", 1, 0])
def test_level_2_refuses_what_is_no_primitive_and_says_where(wrong):
    motif = Motif((("identity",), (None, wrong)))
    words = f"Edge 2 -> 3 of motif 2 of level 2 .* Received: {wrong!r}"
    with pytest.raises(GenotypeError, match=words):
        Genotype(((LEVEL_2[0], motif), (chain(1, 2),)))


@pytest.mark.parametrize("wrong", [0, -1, 3, 10**30, "identity", "1"])
def test_level_3_refuses_what_is_no_motif_and_says_where(wrong):
    motif = Motif(((1,), (wrong, 2)))
    words = f"Edge 1 -> 3 of motif 1 of level 3 .* Received: {wrong!r}"
    with pytest.raises(GenotypeError, match=words):
        Genotype((LEVEL_2, (motif,)))


def test_a_higher_level_sees_only_the_level_right_below():
    level_3 = (chain(2, 3),)
    with pytest.raises(GenotypeError, match=r"of level 4 .* Received: 2"):
        Genotype((LEVEL_2, level_3, (chain(2, 3),)))


@pytest.mark.parametrize("wrong", [True, 1.0])
def test_a_number_of_another_type_names_no_motif(wrong):
    with pytest.raises(GenotypeError):
        Genotype((LEVEL_2, (chain(wrong, 2),)))


def test_a_genotype_error_is_a_value_error_that_programs_print():
    assert issubclass(GenotypeError, HnasError)
    assert issubclass(GenotypeError, ValueError)
