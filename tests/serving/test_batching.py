"""Latencies become the parameters of a server's batching."""

import re

import pytest

from hnas_tf.serving.batching import batching_config, best_batch_size

# Seconds of a request by its batch size, and the batch size to choose.
CASES = {
    "only_one": ({1: 0.002}, 1),
    "no_gain": ({1: 0.01, 2: 0.02, 4: 0.04, 8: 0.08}, 1),
    "larger_is_worse": ({1: 0.01, 2: 0.03, 4: 0.09}, 1),
    "free": ({1: 0.01, 2: 0.01, 4: 0.01, 8: 0.01}, 8),
    "flat_at_the_end": ({1: 0.01, 2: 0.01, 4: 0.01, 8: 0.0195}, 4),
    "a_little_more_at_the_end": ({1: 0.01, 2: 0.01, 4: 0.01, 8: 0.0175}, 8),
    "best_in_the_middle": ({1: 0.01, 2: 0.012, 4: 0.016, 8: 0.08}, 4),
    "nearly_the_best_first": ({1: 0.01, 2: 0.02, 4: 0.0364}, 1),
    "just_not_nearly": ({1: 0.01, 2: 0.02, 4: 0.035}, 4),
    "out_of_order": ({8: 0.02, 1: 0.01, 4: 0.02, 2: 0.015}, 8),
}


def numbers_in(text):
    """Returns the parameters by name."""
    found = re.findall(r"^(\w+) \{ value: (\d+) \}$", text, re.M)
    return {name: int(number) for name, number in found}


@pytest.mark.parametrize("case", CASES)
def test_the_smallest_batch_is_chosen_that_is_nearly_the_fastest(case):
    latencies, expected = CASES[case]
    assert best_batch_size(latencies) == expected
    config = batching_config(latencies, num_cores=2)
    assert numbers_in(config)["max_batch_size"] == expected


@pytest.mark.parametrize("case", CASES)
def test_the_numbers_make_sense(case):
    latencies, size = CASES[case]
    numbers = numbers_in(batching_config(latencies, num_cores=3))
    assert numbers["num_batch_threads"] == 3
    assert numbers["batch_timeout_micros"] == pytest.approx(
        latencies[1] / 2 * 1e6
    )
    waiting = numbers["max_enqueued_batches"] * latencies[size]
    assert 10 <= waiting < 10 + latencies[size]


def test_a_batch_that_takes_longer_than_anyone_waits_is_still_taken():
    numbers = numbers_in(batching_config({1: 60.0}, num_cores=1))
    assert numbers["max_enqueued_batches"] == 1
    assert numbers["batch_timeout_micros"] == 30_000_000


def test_every_parameter_has_a_line_that_says_why():
    lines = batching_config({1: 0.01, 2: 0.01}, num_cores=2).splitlines()
    assert len(lines) == 8
    assert all(line.startswith("# ") for line in lines[::2])
    assert not any(line.startswith("#") for line in lines[1::2])
