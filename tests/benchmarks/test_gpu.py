"""The benchmark on a GPU, on the CPU: what is written, run and told."""

import dataclasses
import importlib.util
import subprocess
import sys

import numpy as np
import pytest

from benchmarks.candidates import weights
from benchmarks.candidates.genotypes import named_genotypes
from benchmarks.gpu import exported as exports
from benchmarks.gpu import page, timing, trace
from tests.benchmarks.samples import GENOTYPE, WORKLOAD
from tests.xla import requires_xla

KEY = {
    "contender": "ours",
    "genotype": "liu2018",
    "precision": "bfloat16",
    "device": "a GPU",
    "versions": {"jax": "1"},
}


def requires(library):
    return pytest.mark.skipif(
        importlib.util.find_spec(library) is None, reason=f"needs {library}"
    )


@pytest.fixture(scope="module", params=["bfloat16", "float32"])
def exported(request, tmp_path_factory):
    from benchmarks.gpu.export import export

    genotype = named_genotypes()[GENOTYPE]
    made = export(GENOTYPE, genotype, request.param, WORKLOAD)
    folder = tmp_path_factory.mktemp("steps")
    made.write(folder)
    assert exports.read(folder, GENOTYPE, request.param) == made
    return made


@requires_xla
def test_both_steps_are_written_with_their_arguments(exported):
    training, evaluation = exported.training, exported.evaluation
    assert training.arguments[:3] == ("step", "seed", "places")
    assert set(training.updated) == {
        "kernels",
        "others",
        "averages",
        "velocity of kernels",
        "velocity of others",
    }
    assert evaluation.arguments[0] == "places" and not evaluation.updated
    for step in (training, evaluation):
        assert ("bf16" in step.program) == (exported.precision == "bfloat16")


@requires_xla
def test_it_is_traced_as_on_a_gpu(exported):
    # 1x1 convolutions are products, and crops are gathered.
    assert "stablehlo.dot_general" in exported.training.program
    assert "x1x1x" not in "".join(
        line.rpartition(":")[2]
        for line in exported.evaluation.program.splitlines()
        if "stablehlo.convolution" in line
    )


@requires_xla
def test_the_vectors_name_all_weights_once(exported):
    drawn = weights.draw(exported.plan)
    named = [name for names in exported.vectors.values() for name in names]
    assert sorted(named) == sorted(drawn)


@requires_xla
@requires("jax")
def test_jax_runs_what_was_written(exported):
    from benchmarks.gpu import xla

    found = timing.measure(
        lambda: xla.Candidate(exported, xla.device()), exported.workload
    )
    assert np.isfinite([found["first_loss"], found["last_loss"]]).all()
    assert found["first_loss"] != found["last_loss"]
    assert found["images_per_second"] > 0


@requires_xla
@requires("torch")
def test_pytorch_trains_the_same_network(exported):
    from benchmarks.gpu import pytorch

    build = pytorch.builder("pytorch", exported.precision)
    found = timing.measure(lambda: build(exported), exported.workload)
    assert np.isfinite([found["first_loss"], found["last_loss"]]).all()
    drawn = weights.draw(exported.plan)
    assert found["parameters"] == sum(
        value.size for name, value in drawn.items() if "moving_" not in name
    )


class Toy:
    """A candidate that only counts."""

    def __init__(self):
        self.done = []

    def say(self):
        return np.ones((20, 2))

    def train(self, chunks):
        self.done += [f"train {number}" for number in chunks]

    def evaluate(self):
        self.done.append("evaluate")

    def num_parameters(self):
        return 7

    def loss(self):
        return 0.5

    def facts(self):
        return {"training_bytes": 8.0}


def test_a_candidate_is_prepared_and_then_timed(tmp_path, monkeypatch):
    monkeypatch.setattr(timing, "_CHUNK_SECONDS", 0.0)
    toy = Toy()
    found = timing.measure(lambda: toy, WORKLOAD, tmp_path / "turn")
    assert toy.done == [
        *("train 1", "evaluate", "train 10", "train 10"),
        *7 * ["train 1"],
        *5 * ["evaluate"],
    ]
    assert found["parameters"] == 7 and found["training_bytes"] == 8.0
    assert len(found["logits"]) == timing.NUM_COMPARED
    for name in ("images_per_second", "evaluated_per_second"):
        assert found[f"least_{name}"] <= found[name] <= found[f"most_{name}"]


def entry(contender, rate, **key):
    found = timing.measure(Toy, dataclasses.replace(WORKLOAD))
    for part in ("", "least_", "most_"):
        found[f"{part}images_per_second"] = rate
    return {**KEY, "contender": contender, **key}, found


def test_the_page_compares_contenders():
    entries = [
        entry("ours", 3000.0),
        entry("pytorch", 1000.0, compiled_beside=2),
        ({**KEY, "contender": "pytorch_compiled"}, {"error": "too slow"}),
    ]
    layers = [
        {
            "layer": "stem",
            "direction": "forwards",
            "milliseconds": 1,
            "calls": 2,
        }
    ]
    text = page.page(entries, {**KEY, "layers": layers})
    row = "| liu2018, bfloat16 | 3,000 | 1,000* |"
    assert row in text
    assert "- pytorch compiled, liu2018, bfloat16: too slow" in text
    assert "| stem, forwards | 1.00 | 2 |" in text


def test_kernels_are_summed_by_the_layers_they_come_from():
    program = (
        '  %fusion.1 = f32[2] fusion(%a), metadata={op_name="gradient_tape/'
        'network/group1.cell1.edge_1_2.max_pool_3x3/MaxPoolGrad"}\n'
        '  ROOT %dot.2 = f32[2] dot(%b), metadata={op_name="network/one.conv_'
        '1x1/MatMul"}\n'
    )
    made = [("fusion.1", 1.0), ("dot.2", 3.0), ("dot.2", 4.0), ("copy", 0.5)]
    operations = [
        {"operation": name, "milliseconds": milliseconds, "calls": 1}
        for name, milliseconds in made
    ]
    assert [
        tuple(one.values()) for one in trace.by_layer(operations, program)
    ] == [
        ("conv_1x1", "forwards", 7.0, 2),
        ("max_pool", "gradient", 1.0, 1),
        ("other", "forwards", 0.5, 1),
    ]


def test_what_runs_there_needs_no_tensorflow():
    modules = ("measure", "page", "timing", "trace", "exported")
    program = (
        "import sys; sys.modules |= dict.fromkeys(('tensorflow', 'keras'))"
    )
    program += "".join(f"; import benchmarks.gpu.{name}" for name in modules)
    subprocess.run([sys.executable, "-c", program], check=True)
