"""The parts of the benchmark of a candidate that need no TensorFlow."""

import sys

import numpy as np
import pytest

from benchmarks.candidates import genotypes, measuring, weights
from benchmarks.candidates.calibration import best_setting
from benchmarks.candidates.equality import UnequalError, require_equal
from benchmarks.candidates.launch import MeasurementError, launch
from benchmarks.candidates.outcome import (
    Outcome,
    first_steps,
    rebuilding,
    training,
)
from benchmarks.candidates.results import Results
from benchmarks.candidates.setting import Setting
from benchmarks.candidates.workload import Workload
from hnas_tf.config import NetworkConfig
from hnas_tf.plan import make_plan, network_cost
from tests.benchmarks.samples import contender

FOUND = {
    "processes": 2,
    "images_per_second": 30.0,
    "build_seconds": 1.0,
    "first_call_seconds": 4.0,
    "first_steps_seconds": 8.0,
    "step_seconds": 0.5,
}


def said(*, parameters=3, logits=1.0):
    return {
        "parameters": parameters,
        "inference": [[2.0, 1.0]],
        "training": [[2.0, logits]],
    }


def test_genotypes_are_within_the_limits_and_drawn_alike():
    named = genotypes.named_genotypes()
    assert len(named) == 16
    assert named == genotypes.named_genotypes()
    assert {genotypes.CALIBRATION, *genotypes.COMPILED} <= set(named)
    for genotype in named.values():
        cost = network_cost(genotype, image_size=24, batch_size=256)
        assert cost.parameters <= genotypes.MAX_PARAMETERS
        assert cost.activation_bytes <= genotypes.MAX_ACTIVATION_BYTES


def test_equal_networks_differ_by_rounding():
    both = {"ours": said(), "fit": said(logits=1.0001)}
    assert require_equal(both, "liu2018") == pytest.approx(5e-5)


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (said(logits=1.01), "fit in training"),
        (said(logits=float("nan")), "fit in training"),
        (said(parameters=4), "ours has 3 parameters, fit 4"),
        ({"error": "no memory"}, "fit failed, no memory"),
    ],
)
def test_unequal_networks_are_refused(other, message):
    with pytest.raises(UnequalError, match=message):
        require_equal({"ours": said(), "fit": other}, "liu2018")


def test_weights_are_as_many_as_a_network_has():
    genotype = genotypes.named_genotypes()["liu2018"]
    drawn = weights.draw(
        [list(one) for one in make_plan(genotype, NetworkConfig()).operations]
    )
    trained = sum(
        value.size for name, value in drawn.items() if "moving_" not in name
    )
    assert trained == network_cost(genotype).parameters


def test_a_line_that_was_not_finished_is_measured_again(tmp_path):
    path = tmp_path / "new" / "results.jsonl"
    Results(path).add({"round": 1}, {"seconds": 1.0})
    Results(path).add({"round": 2}, {"seconds": 2.0})
    path.write_text(path.read_text()[:-3])
    results = Results(path)
    assert results.get({"round": 1}) == {"seconds": 1.0}
    assert results.get({"round": 2}) is None
    results.add({"round": 2}, {"seconds": 3.0})
    assert Results(path).get({"round": 2}) == {"seconds": 3.0}


def test_a_fresh_start_forgets(tmp_path):
    path = tmp_path / "results.jsonl"
    Results(path).add({"round": 1}, {"seconds": 1.0})
    assert Results(path, fresh=True).get({"round": 1}) is None
    assert not path.read_text()


def test_processes_share_the_cores():
    assert Setting(2).cores_of_each([0, 2, 3, 7]) == [[0, 2], [3, 7]]
    assert Setting(1).cores_of_each([4, 5]) == [[4, 5]]


def test_the_fastest_setting_that_did_not_fail_is_chosen():
    slow, fast, broken = Setting(1), Setting(2), Setting(4)
    tried = {
        "fit": {
            broken: {"error": "no memory"},
            slow: {"images_per_second": 1.0},
            fast: {"images_per_second": 2.0},
        }
    }
    assert best_setting(contender("fit"), tried) == fast
    assert best_setting(contender("ours", like="fit"), tried) == fast


def test_processes_that_wait_go_on_together(tmp_path):
    waits = "print('ready', flush=True); assert input() == 'go'; "
    code = f"input(); {waits}{waits}print('{{}}')"
    command = [sys.executable, "-c", code]
    assert launch(command, {}, {}, [[0], [0]]) == [{}, {}]


def test_the_last_words_of_a_process_are_its_reason():
    code = "import sys; input(); print('ready', flush=True); input(); "
    code += "sys.exit('first\\nno memory')"
    command = [sys.executable, "-c", code]
    with pytest.raises(MeasurementError, match="exit code 1: no memory"):
        launch(command, {}, {}, [[0], [0]])


class Toy:
    """A candidate that only counts."""

    def __init__(self):
        self.steps = []

    def build(self, document):
        assert document == {"plan": []}
        return self

    def num_parameters(self):
        return 7

    def train(self, chunks):
        self.steps.append(list(chunks))

    def evaluate(self):
        self.steps.append("evaluation")


def test_a_measurement_takes_first_steps_then_enough_of_them():
    toy = Toy()
    workload = Workload(
        min_steps=12, min_seconds=0.0, min_evaluation_seconds=0.0
    )
    waits = []
    found = measuring.measure(
        toy, {"plan": []}, workload, lambda: waits.append(len(toy.steps))
    )
    assert toy.steps == [[1, 4], [1, 5, 5, 5], "evaluation", "evaluation"]
    assert waits == [0, 1, 3]
    assert found["parameters"] == 7
    assert "reset_seconds" not in found


def test_figures_are_medians_of_the_rounds_that_did_not_fail():
    outcome = Outcome([], ["liu2018"], 4)
    fit = contender("fit")
    for rate in (10.0, 40.0, 20.0):
        outcome.add(fit, "liu2018", {**FOUND, "images_per_second": rate})
    outcome.add(fit, "liu2018", {"error": "no memory"})
    assert outcome.spread("fit", "liu2018", training) == (20.0, 10.0, 40.0)
    assert outcome.spread("ours", "liu2018", training) is None
    assert outcome.errors() == {"fit, liu2018": "no memory"}
    ours = contender("ours")
    outcome.add(ours, "liu2018", FOUND)
    ratio = outcome.ratio(("ours", training), ("fit", training), "liu2018")
    assert ratio == 1.5
    assert first_steps(FOUND) == 4.0
    assert rebuilding(FOUND) == 4.5


def test_the_same_weights_are_drawn_each_time():
    plan = [
        ["images", [], 3, 1, "images"],
        ["separable_conv_3x3", [0], 4, 2, "one"],
        ["dense", [1], 10, 1, "head.dense"],
    ]
    first, second = weights.draw(plan), weights.draw(plan)
    assert first["one.depthwise/kernel"].shape == (3, 3, 3, 1)
    assert first["head.dense/kernel"].shape == (4, 10)
    for name, value in first.items():
        np.testing.assert_array_equal(value, second[name])
