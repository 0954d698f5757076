"""A profile of a few steps, for TensorBoard."""

import dataclasses

import pytest
from tensorflow.tsl.profiler.protobuf import xplane_pb2

from hnas_tf.config import FinalConfig, TrainingConfig
from hnas_tf.errors import InvalidError
from hnas_tf.training.final import train_final
from tests.training.samples import GENOTYPE, NETWORK, SAVES, TRAINING

pytestmark = SAVES


def profiles_of(tmp_path, *steps, num_steps=9):
    config = FinalConfig(
        network=dataclasses.replace(NETWORK, num_groups=1),
        training=dataclasses.replace(
            TRAINING, num_steps=num_steps, num_repeats=1
        ),
        profile_steps=steps,
    )
    train_final(GENOTYPE, config, str(tmp_path))
    folder = tmp_path / "tensorboard" / "repeat_1"
    return list(folder.rglob("*.xplane.pb"))


def num_operations(path, name):
    """Returns how often an operation was recorded."""
    space = xplane_pb2.XSpace()
    space.ParseFromString(path.read_bytes())
    return sum(
        plane.event_metadata[event.metadata_id].name.endswith(f":{name}")
        for plane in space.planes
        for line in plane.lines
        for event in line.events
    )


@pytest.mark.parametrize("steps", [(1, 3), (4, 6), (7, 9), (5, 5)])
def test_the_steps_that_were_asked_for_are_recorded(tmp_path, steps):
    (profile,) = profiles_of(tmp_path, *steps)
    first, last = steps
    updates = num_operations(profile, "ResourceApplyMomentum")
    assert updates == 2 * (last - first + 1)


def test_nothing_is_recorded_unasked(tmp_path):
    assert profiles_of(tmp_path) == []


@pytest.mark.parametrize("steps", [(3,), (0, 2), (3, 2), (1, 10), (1, 2, 3)])
def test_steps_that_are_none_are_refused(steps):
    with pytest.raises(InvalidError, match="`profile_steps` must be two steps"):
        FinalConfig(training=TrainingConfig(num_steps=9), profile_steps=steps)
