"""How long steps, trainings and searches last at the least."""

import dataclasses

import pytest

from hnas_tf.config import EvolutionConfig, SearchConfig, TrainingConfig
from hnas_tf.errors import InvalidError
from hnas_tf.tpu.bounds import Bound, exchange_seconds, step_bound
from hnas_tf.tpu.estimate import (
    CandidateTime,
    final_hours,
    search_hours,
    training_seconds,
)
from hnas_tf.tpu.generations import GENERATIONS, generation
from hnas_tf.tpu.verdict import (
    Compiled,
    Memory,
    Refused,
    verdict_from_document,
    verdict_to_document,
)

V5E = GENERATIONS["v5e"]
MEMORY = Memory(arguments=1, outputs=2, temporaries=3, code=4)


def compiled(flops, bytes_moved, cycles=0.0):
    return Compiled(MEMORY, flops, bytes_moved, cycles, 1.0, 2.0)


def test_an_unknown_generation_is_told_with_those_that_are_known():
    with pytest.raises(InvalidError, match="v2, v3, v4, v5e, v5p, v6e.*v7"):
        generation("v7")


def test_a_step_lasts_as_long_as_what_takes_longest():
    for program, limit in (
        (compiled(197e12, 1.0), "arithmetic"),
        (compiled(1.0, 819e9), "memory"),
    ):
        assert step_bound(program, V5E) == Bound(1.0, limit, 1.0)


def test_the_compiler_expects_cycles_but_no_less_than_the_bound():
    found = step_bound(compiled(1.0, 819e9, cycles=3e9), V5E)
    assert found == Bound(1.0, "memory", 2.0)
    assert step_bound(compiled(1.0, 819e9, 1e9), V5E).expected_seconds == 1.0


def test_chips_exchange_their_gradients():
    # Of four chips each sends 2 * 3 / 4 of 4 bytes a parameter.
    assert exchange_seconds(V5E, 4, 10**6) == pytest.approx(6e6 / 200e9)
    found = step_bound(
        compiled(1.0, 819e9), V5E, num_devices=4, parameters=10**6
    )
    assert found.seconds == pytest.approx(1 + found.exchange_seconds)


def test_the_cores_of_one_chip_need_no_link():
    assert exchange_seconds(GENERATIONS["v3"], 2, 10**6) == 0.0


def test_a_training_is_its_steps_and_its_evaluations():
    config = TrainingConfig(
        batch_size=10, num_steps=100, num_repeats=2, rungs=(0.5,)
    )
    found = training_seconds(config, 1.0, 0.5, num_validation=25)
    assert found == 2 * (100 + 2 * 3 * 0.5)
    assert final_hours(config, 36.0) == 2.0


@pytest.mark.parametrize(("ahead", "seconds"), [(True, 30.0), (False, 40.0)])
def test_a_candidate_is_compiled_while_another_trains(ahead, seconds):
    assert CandidateTime(10.0, 30.0).lasts(prepares_ahead=ahead) == seconds


def test_a_search_is_shared_out_among_chips():
    config = SearchConfig(evolution=EvolutionConfig(num_evaluations=720))
    times = [CandidateTime(1.0, 30.0), CandidateTime(50.0, 1.0)]
    hours = search_hours(times, config, num_chips=4, saved_fraction=0.5)
    assert hours == 360 * 40 / 4 / 3600
    workers = dataclasses.replace(config.workers, devices_per_candidate=2)
    config = dataclasses.replace(config, workers=workers)
    twice = search_hours(times, config, num_chips=4, saved_fraction=0.5)
    assert twice == 2 * hours
    workers = dataclasses.replace(workers, num_workers=1)
    config = dataclasses.replace(config, workers=workers)
    alone = search_hours(times, config, num_chips=4, saved_fraction=0.5)
    assert alone == 4 * hours


@pytest.mark.parametrize(
    "verdict", [compiled(1.0, 2.0), Refused("reason", "detail", ("a", "b"))]
)
def test_a_verdict_goes_through_json(verdict):
    assert verdict_from_document(verdict_to_document(verdict)) == verdict


def test_memory_is_added_up():
    assert MEMORY.total == 10
