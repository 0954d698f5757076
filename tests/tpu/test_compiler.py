"""Google's compiler, where the extra `preflight` is installed."""

import dataclasses

import pytest

from hnas_tf.engines.errand import run_errand
from hnas_tf.tpu.check import verdict_of
from hnas_tf.tpu.generations import GENERATIONS
from hnas_tf.tpu.job import STEPS, job_to_document
from hnas_tf.tpu.verdict import OUT_OF_MEMORY, Compiled, Refused
from tests import processes
from tests.tpu.programs import FED, JOB, requires_compiler

HERE = "tests.tpu.programs"
# Of what is one device: v4 and v5p join the two of a chip.
_CORES = {"v2": 1, "v3": 1, "v4": 2, "v5e": 1, "v5p": 2, "v6e": 1}

pytestmark = requires_compiler


@pytest.fixture(autouse=True)
def marked(mark, monkeypatch):
    """No child of any test here may be left."""
    monkeypatch.setenv(processes.VARIABLE, mark)


@pytest.mark.parametrize("step", STEPS)
def test_every_primitive_compiles_for_a_v5e(step):
    found = verdict_of(dataclasses.replace(JOB, step=step))
    assert isinstance(found, Compiled), found
    pictures = 100 * 8 * 8
    assert found.memory.arguments > pictures
    assert found.memory.total < 100e6
    assert found.flops > 0
    assert found.bytes_moved > 0
    assert found.cycles > 0


def test_a_device_of_every_generation_has_the_cores_of_our_table():
    found = run_errand(f"{HERE}:cores", {})
    assert found == {
        name: [generation.devices_per_chip, _CORES[name]]
        for name, generation in GENERATIONS.items()
    }


def test_what_the_compiler_gets_is_what_trains():
    precise = dataclasses.replace(JOB.training, precision="float32")
    job = dataclasses.replace(JOB, training=precise)
    found = run_errand(f"{HERE}:compare", job_to_document(job))
    assert len(found) == 6
    assert max(found.values()) < 1e-4, found


def test_so_is_what_the_compiler_gets_of_an_evaluation():
    precise = dataclasses.replace(JOB.training, precision="float32")
    job = dataclasses.replace(JOB, training=precise)
    found = run_errand(f"{HERE}:compare_evaluation", job_to_document(job))
    assert found["difference"] < 1e-4 < found["spread"], found


def test_what_does_not_fit_is_told_with_its_largest_values():
    huge = dataclasses.replace(FED.training, batch_size=2**24)
    found = verdict_of(dataclasses.replace(FED, training=huge))
    assert isinstance(found, Refused), found
    assert found.reason == OUT_OF_MEMORY
    assert "hbm" in found.detail.lower()
    # What batch norm reads of 2^24 pictures of 8x8 with eight channels.
    assert "32,768.0 MiB, 16777216x8x8x8xf32: network" in found.detail
    assert any("edge_" in layer for layer in found.layers)
