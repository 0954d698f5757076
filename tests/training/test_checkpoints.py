"""What lies in the folder of a repeat is the training's own, and whole."""

import dataclasses
import json
import shutil

import pytest

from hnas_tf.config import FinalConfig
from hnas_tf.errors import ArchiveError
from hnas_tf.training.final import _require_shared, train_final
from hnas_tf.training.trainer import Trainer
from hnas_tf.training.workdir import FinalWorkdir
from tests.training.samples import GENOTYPE, NETWORK, SAVES, TRAINING

pytestmark = SAVES

CONFIG = FinalConfig(
    network=dataclasses.replace(NETWORK, num_channels=3, num_groups=1),
    training=dataclasses.replace(TRAINING, num_steps=30, num_repeats=1),
    checkpoint_steps=10,
)


class KilledError(Exception):
    """In the place of a `kill -9` between two steps."""


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """The workdir of a training that was killed after two checkpoints."""
    workdir = tmp_path_factory.mktemp("begun") / "final"
    run = Trainer.run

    def run_until_killed(trainer, num_steps):
        if trainer.step >= 20:
            raise KilledError
        return run(trainer, num_steps)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Trainer, "run", run_until_killed)
        with pytest.raises(KilledError):
            train_final(GENOTYPE, CONFIG, str(workdir))
    return workdir


@pytest.fixture
def workdir(begun, tmp_path):
    return shutil.copytree(begun, tmp_path / "final")


def refusal(workdir):
    with pytest.raises(ArchiveError) as raised:
        train_final(GENOTYPE, CONFIG, str(workdir))
    return str(raised.value)


@pytest.mark.parametrize("path", ["../other/step-1", "step-*", "x-1", ""])
@pytest.mark.parametrize("key", ["model", "all_model"])
def test_checkpoints_of_others_are_not_touched(workdir, tmp_path, path, key):
    other = tmp_path / "other"
    shutil.copytree(workdir / "repeat_1", other)
    names = {"model": "step-20", "all_model": "step-20", key: path}
    (workdir / "repeat_1" / "checkpoint").write_text(
        f'model_checkpoint_path: "{names["model"]}"\n'
        f'all_model_checkpoint_paths: "{names["all_model"]}"\n'
    )
    before = sorted(tmp_path.rglob("step-*"))
    words = refusal(workdir)
    assert "to name checkpoints" in words or "a checkpoint of this" in words
    assert sorted(tmp_path.rglob("step-*")) == before


def test_a_damaged_checkpoint_is_a_sentence(workdir):
    (data,) = (workdir / "repeat_1").glob("step-20.data-*")
    data.write_bytes(data.read_bytes()[:100])
    words = refusal(workdir)
    assert "Expected a checkpoint of this training at" in words
    assert "step-20" in words


def test_a_checkpoint_of_another_network_is_a_sentence(workdir, tmp_path):
    (workdir / "config.json").unlink()
    network = dataclasses.replace(CONFIG.network, num_channels=4)
    config = dataclasses.replace(CONFIG, network=network)
    with pytest.raises(ArchiveError, match="Expected a checkpoint of this"):
        train_final(GENOTYPE, config, str(workdir))


def test_a_workdir_that_moved_goes_on(workdir):
    assert train_final(GENOTYPE, CONFIG, str(workdir))["num_pictures"] == 401


def test_a_workdir_of_a_newer_version_is_refused(workdir):
    path = workdir / "config.json"
    document = {**json.loads(path.read_text()), "version": 99}
    path.write_text(json.dumps(document))
    with pytest.raises(ArchiveError, match="version 99"):
        FinalWorkdir(str(workdir)).config()


def test_processes_must_see_one_workdir(workdir, tmp_path):
    _require_shared(FinalWorkdir(str(workdir)))
    with pytest.raises(ArchiveError, match="all processes of TF_CONFIG share"):
        _require_shared(FinalWorkdir(str(tmp_path / "own")))
