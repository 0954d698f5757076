"""From genotype to fitness, in fresh processes."""

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from tests.training.evaluations import OUTCOMES

ROOT = Path(__file__).parents[2]
RUNGS = [0.3, 0.5, 1.0]


def evaluate(*names):
    """Evaluates in a fresh process; returns the outcomes by name."""
    module = "tests.training.evaluations"
    found = subprocess.run(
        [sys.executable, "-W", "error", "-m", module, *names],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)


@pytest.fixture(scope="module")
def outcomes():
    return evaluate(*OUTCOMES)


def places(outcome):
    return [(p["repeat"], p["share"]) for p in outcome["asked"]]


def losses_of(outcome, repeat):
    """Returns the steps and losses of a repeat, from all its progresses."""
    curves = [p["curve"] for p in outcome["asked"] if p["repeat"] == repeat]
    return [point for curve in curves for point in curve]


def without_seconds(outcome):
    finished = {**outcome["finished"], "seconds": None}
    return {**outcome, "finished": finished}


def test_progress_is_told_at_every_rung_and_at_the_end(outcomes):
    whole = outcomes["whole"]
    assert places(whole) == [(r, share) for r in (1, 2) for share in RUNGS]
    for progress in whole["asked"]:
        assert (progress["individual"], progress["attempt"]) == (4, 1)
        assert 0 <= progress["accuracy"] <= 1


def test_without_rungs_it_is_told_at_the_end_of_a_repeat(outcomes):
    assert places(outcomes["without_rungs"]) == [(1, 1.0), (2, 1.0)]


def test_a_single_step_is_one_rung(outcomes):
    assert places(outcomes["one_step"]) == [(1, 1.0)]
    assert [s for s, _ in losses_of(outcomes["one_step"], 1)] == [1]


def test_the_accuracies_are_those_at_the_end_of_every_repeat(outcomes):
    for name in ("whole", "without_rungs", "one_step"):
        finished = outcomes[name]["finished"]
        assert finished["accuracies"] == [
            progress["accuracy"]
            for progress in outcomes[name]["asked"]
            if progress["share"] == 1.0
        ]
        assert (finished["individual"], finished["attempt"]) == (4, 1)


@pytest.mark.parametrize("name", ["whole", "without_rungs"])
@pytest.mark.parametrize("repeat", [1, 2])
def test_the_curve_leads_to_the_end_and_no_point_comes_twice(
    outcomes, name, repeat
):
    points = losses_of(outcomes[name], repeat)
    steps = [step for step, _ in points]
    assert len(steps) == 20
    assert steps == sorted(set(steps))
    assert steps[-1] == 50
    assert all(math.isfinite(loss) and loss > 0 for _, loss in points)


def test_a_curve_reaches_up_to_its_progress(outcomes):
    for progress in outcomes["whole"]["asked"]:
        assert progress["curve"][-1][0] == progress["share"] * 50


def test_told_to_stop_it_ends_with_what_it_has(outcomes):
    whole = outcomes["whole"]
    reached = [progress["accuracy"] for progress in whole["asked"]]
    stopped = outcomes["stopped_at_rung_1"]
    assert stopped["asked"] == whole["asked"][:1]
    assert stopped["finished"]["accuracies"] == reached[:1]
    stopped = outcomes["stopped_in_repeat_2"]
    assert stopped["asked"] == whole["asked"][:5]
    assert stopped["finished"]["accuracies"] == [reached[2], reached[4]]


def test_rungs_do_not_change_a_training(outcomes):
    whole, without = outcomes["whole"], outcomes["without_rungs"]
    assert whole["finished"]["accuracies"] == without["finished"]["accuracies"]
    assert losses_of(whole, 1) == losses_of(without, 1)
    assert losses_of(whole, 2) == losses_of(without, 2)


def test_another_attempt_of_the_same_process_is_equal_to_the_bit(outcomes):
    again = outcomes["again"]
    assert again["finished"]["attempt"] == 2
    assert losses_of(again, 1) == losses_of(outcomes["whole"], 1)
    assert losses_of(again, 2) == losses_of(outcomes["whole"], 2)
    assert (
        again["finished"]["accuracies"]
        == (outcomes["whole"]["finished"]["accuracies"])
    )


def test_what_is_prepared_ahead_is_equal_to_the_bit(outcomes):
    ahead = evaluate("prepared_ahead")["prepared_ahead"]
    first, whole, other, failed = ahead
    for name, finished in (("whole", whole), ("other_individual", other)):
        expected = outcomes[name]["finished"]
        assert finished["individual"] == expected["individual"]
        assert finished["accuracies"] == expected["accuracies"]
        assert finished["seconds"].keys() == expected["seconds"].keys()
    assert first["individual"] == 3
    assert failed == {"reason": "cannot be built"}


def test_equal_seeds_are_equal_to_the_bit_in_another_process(outcomes):
    # Alone here, among others there: nothing is left over of them.
    other = evaluate("whole")["whole"]
    assert without_seconds(other) == without_seconds(outcomes["whole"])


def test_seed_individual_and_repeat_make_the_training(outcomes):
    trainings = {
        str(losses_of(outcomes[name], repeat))
        for name in ("whole", "other_individual", "other_seed")
        for repeat in (1, 2)
    }
    assert len(trainings) == 6


def test_a_loss_that_is_not_finite_is_an_error_with_that_reason(outcomes):
    diverging = outcomes["diverging"]
    assert diverging["reason"] == "not finite"
    assert "loss nan at step" in diverging["detail"]
    assert diverging["asked"] == []


def test_a_cell_that_carries_nothing_cannot_be_built(outcomes):
    assert outcomes["dead"]["reason"] == "cannot be built"
    assert "a cell that carries nothing" in outcomes["dead"]["detail"]
    assert outcomes["dead"]["asked"] == []


def test_the_seconds_say_what_the_time_went_into(outcomes):
    for name in ("whole", "stopped_at_rung_1", "one_step"):
        seconds = outcomes[name]["finished"]["seconds"]
        assert seconds.keys() == {
            "building",
            "tracing",
            "training",
            "evaluating",
        }
        assert min(seconds.values()) > 0


def test_the_facts_say_what_decides_a_fitness(outcomes):
    facts = outcomes["whole"]["facts"]
    assert facts["device"] in ("cpu", "gpu")
    assert facts["threads"] == 1
    assert facts["precision"] == "float32"
    assert {"tensorflow", "keras", "numpy"} < facts.keys()
