"""Genotypes as JSON, version 1."""

import json
from random import Random

import pytest
from hypothesis import given

from hnas_tf import Genotype, load_genotype
from hnas_tf.errors import InvalidError
from hnas_tf.genotype import (
    LevelSize,
    Motif,
    SearchSpace,
    codec,
    genotype_from_json,
    genotype_to_json,
)
from hnas_tf.genotype.genotype import MAX_MOTIFS
from hnas_tf.genotype.motif import MAX_NODES
from tests.genotype.samples import (
    REPEATABLE,
    chain,
    genotypes,
    uniform_genotype,
)


@given(genotypes())
@REPEATABLE
def test_a_genotype_comes_back_from_its_json(genotype):
    assert genotype_from_json(genotype_to_json(genotype)) == genotype


@given(genotypes())
@REPEATABLE
def test_the_json_is_one_line_of_ascii_without_spaces(genotype):
    text = genotype_to_json(genotype)
    assert text.isascii()
    assert not set(text) & set(" \t\r\n")
    assert json.loads(text)["version"] == 1


def test_the_format_is_that_of_version_1():
    hierarchical = Genotype(
        (
            (chain("identity", 3), Motif((("conv_1x1",),))),
            (Motif(((2,), (None, 1))),),
        )
    )
    assert genotype_to_json(hierarchical) == (
        '{"version":1,"motifs":['
        '[[["identity"],[null,"identity"]],[["conv_1x1"]]],'
        "[[[2],[null,1]]]"
        "]}"
    )


def test_a_flat_genotype_has_one_level():
    flat = Genotype(((Motif((("max_pool_3x3",), ("identity", None))),),))
    assert genotype_to_json(flat) == (
        '{"version":1,"motifs":[[[["max_pool_3x3"],["identity",null]]]]}'
    )


def test_a_handwritten_text_is_read_whatever_its_spaces_and_key_order():
    text = '\n{ "motifs" : [[[\t["identity"] ]]],\r\n "version": 1 } '
    assert genotype_from_json(text) == Genotype(((chain("identity", 2),),))


def test_liu2018_is_what_its_file_says():
    path = codec.NAMED_DIR / "liu2018.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    genotype = load_genotype("liu2018")
    assert genotype.num_levels == 3
    for motifs, level in zip(document["motifs"], genotype.motifs, strict=True):
        for rows, motif in zip(motifs, level, strict=True):
            for target in range(2, motif.num_nodes + 1):
                for source in range(1, target):
                    operation = motif.operation(source=source, target=target)
                    assert operation == rows[target - 2][source - 1]


def test_liu2018_is_the_drawing_of_the_papers_appendix():
    genotype = load_genotype("liu2018")
    assert genotype.cell.rows == ((5,), (3, 3), (3, 1, 3), (4, 5, 5, 5))
    assert genotype.level(2)[4].rows == (
        ("identity",),
        ("separable_conv_3x3", "identity"),
        ("separable_conv_3x3", "identity", "separable_conv_3x3"),
    )
    assert [motif.num_nodes for motif in genotype.level(2)] == [4] * 6


@pytest.mark.parametrize("num_levels", [1, 2, 7])
def test_a_large_space_is_refused_or_its_genotypes_come_back(num_levels):
    levels = [LevelSize(MAX_MOTIFS, MAX_NODES)] * num_levels
    levels[-1] = LevelSize(1, MAX_NODES)
    try:
        space = SearchSpace(tuple(levels))
    except InvalidError:
        return
    genotype = uniform_genotype(space, Random(1))
    assert genotype_from_json(genotype_to_json(genotype)) == genotype
