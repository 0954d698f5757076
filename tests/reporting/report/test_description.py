"""What a page says of how a search was made."""

from dataclasses import replace

import pytest

from hnas_tf.config import EvolutionConfig, SearchConfig
from hnas_tf.reporting.report.description import described
from tests.reporting.report.searches import FIRST


@pytest.mark.parametrize(
    ("algorithm", "number", "given", "words"),
    [
        (
            "evolution",
            7_000,
            0,
            "7,000 individuals, the first 200 of them random",
        ),
        ("pareto", 50, 0, "50 individuals, the first 50 of them random"),
        ("random", 300, 0, "300 individuals, the first 300 of them random"),
        (
            "aging",
            300,
            3,
            "the first 3 of them given and 197 of them random; seed",
        ),
        ("my_module:Mine", 300, 0, "300 individuals; seed"),
        ("my_module:Mine", 300, 2, "the first 2 of them given; seed"),
    ],
)
def test_it_says_how_many_were_given_and_how_many_are_random(
    algorithm, number, given, words
):
    config = replace(
        SearchConfig(),
        evolution=EvolutionConfig(algorithm=algorithm, num_evaluations=number),
        given_genotypes=(FIRST,) * given,
    )
    assert words in described(config)[-1]
