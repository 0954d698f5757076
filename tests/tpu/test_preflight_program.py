"""`python -m hnas_tf.preflight`, as it is typed."""

import json

from tests import processes
from tests.tpu.programs import requires_compiler

pytestmark = requires_compiler

SMALL = ("--num_channels=4", "--num_groups=1", "--cells_per_group=1")


def test_it_answers_for_one_network_of_pictures_that_are_here(mark):
    code, out, err = processes.run(
        mark,
        "preflight",
        *("--genotype=liu2018", "--dataset=digits", "--crop_size=8"),
        *("--batch_size=16", "--json", *SMALL),
    )
    assert code == 0, err
    answer = json.loads(out)
    assert answer["fits"]
    assert answer["training"]["lower_bound"]["seconds"] > 0
    assert "training: compiled in" in err


def test_it_answers_for_a_search_of_pictures_that_are_here(mark):
    code, out, err = processes.run(
        mark,
        "preflight",
        *("--representation=flat", "--num_nodes=3", "--num_samples=2"),
        *("--dataset=digits", "--crop_size=8", "--batch_size=16", *SMALL),
        *("--num_chips=4", "--price_per_chip_hour=2"),
    )
    assert code == 0, err
    assert "genotype 2 of 2, evaluation: compiled in" in err
    assert "2 of 2 random genotypes compile and fit." in out
    assert "The search, 7,000 candidates, on 4 chips: lower bound" in out
    assert ", price " in out


def test_it_reads_the_flagfile_of_a_search(mark):
    code, out, err = processes.run(
        mark,
        "preflight",
        *("--flagfile=flags/cifar10_search.flags", "--tpu_type=v7"),
    )
    assert code == 1
    assert "v2, v3, v4, v5e, v5p, v6e" in err


def test_it_lists_the_flags_of_what_is_asked_about(mark):
    _, one, _ = processes.run(mark, "preflight", "--genotype=x", "--helpfull")
    _, many, _ = processes.run(mark, "preflight", "--helpfull")
    assert "--genotype" in one
    assert "--num_evaluations" in many
    assert "--tpu_type" in one
    assert "--tpu_type" in many
