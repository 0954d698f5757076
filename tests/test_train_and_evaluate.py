"""A network trained and then tried on pictures, from the command line."""

import json

import numpy as np
import pytest

from hnas_tf.config import DataConfig
from hnas_tf.data.dataset import load
from tests import processes

TRAINING = (
    "--genotype=liu2018",
    "--num_channels=4",
    "--num_groups=1",
    "--cells_per_group=1",
    "--crop_size=8",
    "--padding=1",
    "--num_steps=60",
    "--batch_size=32",
    "--noflip",
    "--threads=1",
)


@pytest.fixture(scope="module")
def workdir(tmp_path_factory):
    """A finished training, which every test of this file looks at."""
    path = tmp_path_factory.mktemp("train") / "final"
    code, _, err = processes.run(
        processes.new_mark(), "train", f"--workdir={path}", *TRAINING
    )
    assert code == 0, err
    return path


def evaluate(mark, workdir, *flags):
    return processes.run(mark, "evaluate", f"--workdir={workdir}", *flags)


def listing(folder):
    """Returns all that changes when a file in a folder does."""
    stats = {path: path.stat() for path in folder.rglob("*")}
    stats[folder] = folder.stat()
    return {path: (s.st_size, s.st_mtime_ns) for path, s in stats.items()}


def test_it_tells_what_the_training_told_and_touches_nothing(
    workdir, tmp_path, mark
):
    before = listing(workdir)
    output = tmp_path / "all.json"
    flags = (f"--output={output}", "--num_mistakes=3", "--threads=1")
    code, out, err = evaluate(mark, workdir, *flags)
    assert (code, err) == (0, "")
    assert listing(workdir) == before
    result = json.loads((workdir / "result.json").read_text())
    document = json.loads(output.read_text())
    assert document["accuracy"] == result["accuracy"]
    assert document["workdir"] == str(workdir)
    assert len(document["pictures"]) == 401
    words = " ".join(out.split())
    assert "on 401 pictures of digits (test)" in words
    assert f"accuracy {result['accuracy']:.4f}" in words
    worst = document["pictures"][document["mistakes"][0]]
    line = (f"{worst['probability']:.4f}", worst["name"])
    assert " ".join((*line, worst["label"], worst["prediction"])) in words
    assert f"mistakes, 3 of {len(document['mistakes'])}" in words


def test_other_pictures_of_some_of_the_classes_will_do(workdir, tmp_path, mark):
    images, labels = load(DataConfig(), "validation")[0].examples
    chosen = labels < 3
    path = tmp_path / "some.npz"
    np.savez(path, x_test=images[chosen], y_test=labels[chosen])
    code, out, err = evaluate(mark, workdir, f"--dataset=npz:{path}")
    assert (code, err) == (0, "")
    assert f"on {chosen.sum()} pictures of npz:{path} (test)" in out


@pytest.mark.parametrize(
    ("flag", "words"),
    [
        ("--workdir=no/such", "hnas_tf.train at no/such. Received: no such"),
        ("--batch_size=0", "batch_size"),
    ],
)
def test_what_is_wrong_is_answered_in_a_sentence(workdir, mark, flag, words):
    code, out, err = evaluate(mark, workdir, flag)
    assert code in (1, 2) and out == ""
    assert err.startswith("error: ") and len(err.splitlines()) == 1, err
    assert words in err


def test_a_class_that_the_network_does_not_know_is_named(
    workdir, tmp_path, mark
):
    path = tmp_path / "some.npz"
    np.savez(path, x_test=np.zeros((1, 8, 8), np.uint8), y_test=[12])
    code, out, err = evaluate(mark, workdir, f"--dataset=npz:{path}")
    assert (code, out) == (1, "")
    assert err.endswith("Received: 12\n") and "knows: 0, 1, 2" in err
