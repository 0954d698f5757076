"""Where one of two processes is gone, the other ends in a sentence."""

import pytest

from hnas_tf.archive.workdir import lock
from hnas_tf.genotype import genotype_to_json
from tests import processes
from tests.training import clusters
from tests.training.samples import GENOTYPE

FLAGS = (
    *("--num_channels=3", "--num_groups=1", "--cells_per_group=1"),
    *("--crop_size=8", "--batch_size=32", "--num_steps=2000"),
    *("--checkpoint_steps=2", "--threads=1"),
)


@pytest.fixture
def flags(tmp_path):
    genotype = tmp_path / "genotype.json"
    genotype.write_text(genotype_to_json(GENOTYPE))
    return (*FLAGS, f"--genotype={genotype}", f"--workdir={tmp_path / 'it'}")


def last_line(worker):
    code, out, err = clusters.ended(worker)
    assert code == 1
    assert "finished" not in out
    assert "Traceback" not in err
    return err.splitlines()[-1]


@pytest.mark.parametrize("lost", [0, 1])
def test_one_is_killed(tmp_path, mark, flags, lost):
    with clusters.started(mark, *flags) as workers:
        first = tmp_path / "it" / "repeat_1" / "step-2.index"
        processes.wait_for(first.exists)
        workers[lost].kill()
        line = last_line(workers[1 - lost])
    assert line.startswith("error: Expected all processes of TF_CONFIG")
    assert "they go on from the last checkpoint" in line


def test_the_writer_finds_another_program_in_the_workdir(tmp_path, mark, flags):
    (tmp_path / "it").mkdir()
    with (
        lock(tmp_path / "it"),
        clusters.started(mark, *flags) as (writer, other),
    ):
        assert "that no other program uses" in last_line(writer)
        assert "Expected all processes of TF_CONFIG" in last_line(other)
