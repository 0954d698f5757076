"""`python -m hnas_tf.train` killed with -9, and started again."""

import json
import subprocess

import pytest

from hnas_tf.genotype import genotype_to_json
from tests import processes
from tests.training.samples import GENOTYPE
from tests.training.streams import write_splits

COMMON = ("--threads=1", "--checkpoint_steps=7", "--cells_per_group=1")
DIGITS = (
    *("--num_channels=3", "--num_groups=1", "--crop_size=8", "--padding=1"),
    *("--batch_size=32", "--num_steps=300", "--num_repeats=2"),
)
STREAMED = (
    *("--network=imagenet", "--image_size=32", "--num_channels=4"),
    *("--batch_size=8", "--num_steps=60"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("killed")


@pytest.fixture(scope="module", params=["digits", "streamed"])
def flags(request, folder):
    """The flags of a training, but for the workdir."""
    genotype = folder / "genotype.json"
    genotype.write_text(genotype_to_json(GENOTYPE))
    its = (*COMMON, f"--genotype={genotype}")
    if request.param == "digits":
        return (*its, *DIGITS)
    pictures = folder / "pictures"
    write_splits(pictures)
    return (*its, *STREAMED, f"--dataset=folder:{pictures}")


def finish(mark, workdir, flags):
    code, _, err = processes.run(mark, "train", f"--workdir={workdir}", *flags)
    assert code == 0, err
    assert "Traceback" not in err and "Warning" not in err
    return err


@pytest.fixture(scope="module")
def undisturbed(folder, flags):
    """The workdir of a training that nobody killed."""
    workdir = folder / ("streamed" if STREAMED[0] in flags else "digits")
    finish(processes.new_mark(), workdir, flags)
    return workdir


def what_came(workdir):
    """Returns the figures, and the weights to the bit."""
    result = json.loads((workdir / "result.json").read_text())
    figures = {n: v for n, v in result.items() if n != "seconds"}
    files = sorted(workdir.glob("repeat_*/model.weights.h5"))
    return figures, [weights_in(path) for path in files]


def weights_in(path):
    """Returns the arrays of a file of weights, which holds times too."""
    import h5py

    arrays = {}
    with h5py.File(path) as file:
        file.visititems(
            lambda name, item: (
                arrays.update({name: item[()].tobytes()})
                if isinstance(item, h5py.Dataset)
                else None
            )
        )
    assert arrays
    return arrays


def test_killed_it_ends_with_the_same_weights_to_the_bit(
    tmp_path, mark, flags, undisturbed
):
    workdir = tmp_path / "workdir"
    process = processes.start(mark, "train", f"--workdir={workdir}", *flags)
    processes.wait_for((workdir / "repeat_1" / "step-14.index").exists)
    with pytest.raises(subprocess.TimeoutExpired):
        process.communicate(timeout=0.1)
    processes.kill(process)
    assert not (workdir / "result.json").exists()
    err = finish(mark, workdir, flags)
    bars = [line for line in err.splitlines() if line.startswith("repeat 1")]
    assert bars and not any("| 0/" in bar for bar in bars)
    assert what_came(workdir) == what_came(undisturbed)


def test_it_says_on_what_it_was_measured(flags, undisturbed):
    result = json.loads((undisturbed / "result.json").read_text())
    number = 18 if STREAMED[0] in flags else 401
    assert (result["measured_on"], result["num_pictures"]) == ("test", number)
