"""A training may be a stranger's: its files must fit together."""

import json

import h5py
import pytest

from hnas_tf.errors import ArchiveError
from hnas_tf.training.weights import load_weights, weights_file
from hnas_tf.training.workdir import FinalWorkdir
from tests.fuzzing import of_trainings
from tests.training.samples import SAVES, make_network
from tests.training.trained_samples import CONFIG, load

pytestmark = [
    SAVES,
    # Of Keras, before it says what is wrong.
    pytest.mark.filterwarnings("ignore:Skipping nested container:UserWarning"),
]


@pytest.fixture
def workdir(tmp_path):
    """A sound one."""
    of_trainings.trained_network(tmp_path)
    assert load(tmp_path).model is not None
    return tmp_path


def change(path, *place, value):
    document = json.loads(path.read_text())
    *outer, key = place
    parent = document
    for step in outer:
        parent = parent[step]
    parent[key] = value
    path.write_text(json.dumps(document))


@pytest.mark.parametrize(
    ("name", "place", "value", "words"),
    [
        ("config.json", ("train", "network", "num_channels"), 10**6, "weights"),
        ("config.json", ("train", "network", "num_classes"), 9, "classes"),
        ("config.json", ("train", "seed"), "0", "`seed` must be of type int"),
        ("config.json", ("train",), [], "config.json"),
        ("genotype.json", ("version",), 2, "genotype.json.*version 1"),
        ("data.json", ("class_names",), ["one"], "channels and classes"),
        ("data.json", ("class_names", 0), "\ud800", "Unicode"),
        ("data.json", ("std", 0), 0, "`std` must be above 0"),
        ("data.json", ("mean",), [], "a number for every channel"),
        ("data.json", ("image_size",), [8], "`image_size` must be of type"),
    ],
)
def test_a_network_that_does_not_fit_its_files_is_not_built(
    workdir, name, place, value, words
):
    change(workdir / name, *place, value=value)
    with pytest.raises(ArchiveError, match=words):
        load(workdir)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("measured_on", None),
        ("accuracy", "high"),
        ("accuracy_of_repeats", 0.5),
        ("loss_std", "none"),
        ("image_size", [8]),
        ("parameters", 1.5),
    ],
)
def test_a_result_that_is_none_is_refused(workdir, key, value):
    change(workdir / "result.json", key, value=value)
    with pytest.raises(ArchiveError, match="result.json"):
        FinalWorkdir(str(workdir)).result()


def test_weights_of_another_file_are_not_followed(tmp_path):
    model = make_network(config=CONFIG.network)
    path, other = tmp_path / "model.weights.h5", tmp_path / "other.h5"
    for each in (path, other):
        each.write_bytes(weights_file(model))
    names = []
    with h5py.File(path) as file:
        file.visititems(
            lambda name, found: (
                names.append(name) if isinstance(found, h5py.Dataset) else None
            )
        )
    with h5py.File(path, "a") as file:
        del file[names[0]]
        file[names[0]] = h5py.ExternalLink(other, names[0])
    with pytest.raises(ArchiveError, match="ExternalLink"):
        load_weights(model, str(path))
