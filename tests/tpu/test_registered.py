"""Whether TensorFlow has every operation, as built for CPUs or for TPUs."""

import dataclasses

import pytest
import tensorflow as tf

from hnas_tf.tpu.job import STEPS
from hnas_tf.tpu.programs import LoweringError, lower, step_of
from tests.tpu.programs import FED, JOB, PHOTOS
from tests.tpu.stateless import STATEFUL, compiled_operations, stateless
from tests.xla import IS_FOR_TPUS

PLATFORM = "TPU" if IS_FOR_TPUS else "CPU"
SHARED = dataclasses.replace(JOB, num_devices=2)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    "job",
    [JOB, FED, PHOTOS, SHARED],
    ids=["resident", "fed", "photos", "shared"],
)
def test_every_operation_is_there(job, step):
    function, given = stateless(*step_of(dataclasses.replace(job, step=step)))
    program = lower(function, *given, platform=PLATFORM)
    assert "bf16" in program
    assert "stablehlo.convolution" in program
    # What the program leaves out.
    assert compiled_operations(PLATFORM) >= STATEFUL.keys()


def test_an_operation_that_is_lacking_is_refused():
    def step(number):
        return tf.strings.length(tf.strings.as_string(number))

    function, given = stateless(step, [tf.zeros([])])
    with pytest.raises(LoweringError, match="AsString"):
        lower(function, *given, platform=PLATFORM)
