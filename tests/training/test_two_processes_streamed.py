"""Two processes that stream their rows of a batch do what one does alone."""

import pytest

from hnas_tf.genotype import genotype_to_json
from tests import processes
from tests.training import clusters
from tests.training.ends import assert_alike, figures, result_of
from tests.training.samples import GENOTYPE
from tests.training.streams import write_splits

FLAGS = (
    *("--augmentation=resized_crop", "--crop_size=0", "--color"),
    *("--image_size=12", "--notrain_on_validation"),
    *("--num_channels=3", "--num_groups=1", "--cells_per_group=1"),
    *("--batch_size=8", "--num_steps=12", "--num_repeats=1", "--threads=1"),
    # Rounding then does not grow.
    "--learning_rate=0.001",
)


@pytest.fixture(scope="module")
def flags(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    write_splits(folder / "pictures")
    genotype = folder / "genotype.json"
    genotype.write_text(genotype_to_json(GENOTYPE))
    dataset = f"--dataset=folder:{folder / 'pictures'}"
    return (*FLAGS, dataset, f"--genotype={genotype}")


def test_they_end_with_what_one_process_has(tmp_path, mark, flags):
    alone, both = (tmp_path / name for name in ("alone", "both"))
    code, out, err = processes.run(mark, "train", f"--workdir={alone}", *flags)
    assert code == 0, err
    ends = clusters.run(mark, f"--workdir={both}", *flags)
    assert [code for code, _, _ in ends] == [0, 0], ends
    assert figures(ends[0][1]) == figures(ends[1][1])
    assert result_of(both)["num_devices"] == 2
    assert result_of(both)["num_pictures"] == 18
    assert_alike(both, alone)
    assert shown(ends[0][2]) == shown(err)


def shown(err):
    """Returns the last accuracy on what is held out."""
    return err.rpartition("validation accuracy ")[2][:6]
