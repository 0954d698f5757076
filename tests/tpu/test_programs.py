"""What a TPU's compiler is given: the functions that train and evaluate."""

import dataclasses
import re

import pytest

from hnas_tf.data import dataset
from hnas_tf.genotype import PRIMITIVES
from hnas_tf.tpu import jobs, pictures
from hnas_tf.tpu.job import EVALUATION, STEPS, TRAINING
from hnas_tf.tpu.programs import lowered
from hnas_tf.training import final_data
from tests.tpu.programs import FED, JOB, PHOTOS
from tests.xla import requires_xla

pytestmark = requires_xla


def program(job, step):
    return lowered(dataclasses.replace(job, step=step))


@pytest.fixture(scope="module")
def training():
    return program(JOB, TRAINING)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    "job", [JOB, FED, PHOTOS], ids=["resident", "fed", "photos"]
)
def test_every_operation_can_be_compiled(job, step):
    assert "func.func @main" in program(job, step)


def test_variables_are_updated_in_place(training):
    # Kernels, others, averages, and two velocities.
    assert training.count('kind = "may_alias"') == 5


def test_it_is_traced_as_on_a_tpu(training):
    # In bfloat16, with crops as products, and batch norm whole.
    assert re.search(r"stablehlo.convolution.*bf16", training)
    assert "stablehlo.batch_norm_training" in training
    assert "stablehlo.dot_general" in training


def test_float32_has_no_bfloat16():
    precise = dataclasses.replace(JOB.training, precision="float32")
    job = dataclasses.replace(JOB, training=precise)
    assert "bf16" not in program(job, TRAINING)


@pytest.mark.parametrize("primitive", set(PRIMITIVES) - {"identity"})
def test_operations_keep_the_names_of_their_edges(training, primitive):
    assert re.search(rf"group1\.cell1\.edge_\d_\d\.{primitive}", training)


def test_pictures_are_arguments(training):
    assert "tensor<100x64xui8>" in training
    assert "tensor<32x8x8x1xui8>" in program(FED, TRAINING)


@pytest.mark.parametrize("job", [JOB, FED], ids=["resident", "fed"])
def test_a_device_of_two_has_half_a_batch_and_moments_of_all(job):
    text = program(dataclasses.replace(job, num_devices=2), TRAINING)
    assert "tensor<16x8x8x8xbf16>" in text
    assert "tensor<32x8x8x8xbf16>" not in text
    # Each fills its own row of [replicas, mean and variance, channels].
    assert "tensor<2x2x8xf32>" in text
    assert "stablehlo.batch_norm_training" not in text


def test_a_device_of_two_knows_all_logits():
    text = program(dataclasses.replace(JOB, num_devices=2), EVALUATION)
    assert "tensor<16x8x8x8xbf16>" in text
    assert re.search(r"-> \(?tensor<32x10xf32>", text)


def test_moments_of_its_own_need_no_others():
    network = dataclasses.replace(
        JOB.network, batch_norm_statistics="per_replica"
    )
    job = dataclasses.replace(JOB, num_devices=2, network=network)
    assert "stablehlo.batch_norm_training" in program(job, TRAINING)


def test_sizes_are_those_of_a_training():
    # Written down twice, since who asks needs no TensorFlow.
    assert jobs.MAX_RESIDENT_BYTES == final_data.MAX_RESIDENT_BYTES
    assert pictures._DEFAULT_SIZE == {
        "cifar": dataset.DEFAULT_SIZE,
        "imagenet": final_data.IMAGENET_SIZE,
    }


def test_photographs_are_cropped_before_and_evaluated_whole():
    assert "tensor<32x16x16x3xui8>" in program(PHOTOS, TRAINING)
    assert "tensor<32x24x24x3xui8>" in program(PHOTOS, EVALUATION)


def test_evaluation_changes_nothing():
    assert "may_alias" not in program(JOB, EVALUATION)
