"""Two processes that train together do what one does alone."""

import pytest

from hnas_tf.genotype import genotype_to_json
from tests import processes
from tests.training import clusters
from tests.training.ends import assert_alike, figures, result_of
from tests.training.samples import GENOTYPE

FLAGS = (
    "--num_channels=3",
    "--num_groups=1",
    "--cells_per_group=1",
    "--crop_size=8",
    "--padding=1",
    "--batch_size=32",
    "--num_steps=30",
    # Rounding then does not grow.
    "--learning_rate=0.01",
    "--num_repeats=2",
    "--checkpoint_steps=10",
    "--threads=1",
)


def flags_of(folder, workdir):
    path = folder / "genotype.json"
    path.write_text(genotype_to_json(GENOTYPE))
    return (f"--workdir={folder / workdir}", f"--genotype={path}", *FLAGS)


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The workdir of a training that one process did."""
    folder = tmp_path_factory.mktemp("alone")
    code, _, err = processes.run(
        processes.new_mark(), "train", *flags_of(folder, "alone")
    )
    assert code == 0, err
    return folder / "alone"


@pytest.fixture(scope="module")
def together(tmp_path_factory):
    """The workdir of a training that two did, and how each ended."""
    folder = tmp_path_factory.mktemp("together")
    ends = clusters.run(processes.new_mark(), *flags_of(folder, "together"))
    assert [code for code, _, _ in ends] == [0, 0], ends
    return folder / "together", ends


def test_both_end_well_with_the_same_figures(together):
    workdir, ((_, out, err), (_, other_out, other_err)) = together
    assert figures(out) == figures(other_out)
    assert f"test accuracy {result_of(workdir)['accuracy']:.4f}" in " ".join(
        out.split()
    )
    assert "repeat 2: 100%" in err
    assert "repeat" not in other_err
    assert "Warning" not in err + other_err


def test_they_end_with_what_one_process_has(together, alone):
    assert result_of(together[0])["num_devices"] == 2
    assert_alike(together[0], alone)


def test_only_the_writer_writes(together, alone):
    def names(workdir):
        # Of the curves, the name says when they were begun.
        files = (p for p in workdir.rglob("*") if "tfevents" not in p.name)
        return {str(path.relative_to(workdir)) for path in files}

    assert names(together[0]) == names(alone)
    for number in (1, 2):
        folder = together[0] / "tensorboard" / f"repeat_{number}"
        # events.out.tfevents.TIME.HOST.PROCESS.NUMBER.v2
        files = [path.name.rsplit(".", 3) for path in folder.iterdir()]
        assert len({process for _, process, *_ in files}) == 1


def test_what_is_finished_is_told_again(together, mark):
    workdir, ((_, out, _), _) = together
    before = (workdir / "result.json").stat().st_mtime_ns
    ends = clusters.run(mark, *flags_of(workdir.parent, workdir.name))
    assert [code for code, _, _ in ends] == [0, 0]
    assert [figures(again) for _, again, _ in ends] == [figures(out)] * 2
    assert (workdir / "result.json").stat().st_mtime_ns == before


def test_killed_and_started_again_they_go_on(alone, tmp_path, mark):
    flags = flags_of(tmp_path, "killed")
    with clusters.started(mark, *flags) as workers:
        # Written last of a checkpoint.
        written = tmp_path / "killed" / "repeat_2" / "checkpoint"
        processes.wait_for(written.exists)
        for worker in workers:
            worker.kill()
    processes.wait_until_gone(mark)
    assert not (tmp_path / "killed" / "result.json").exists()
    ends = clusters.run(mark, *flags)
    assert [code for code, _, _ in ends] == [0, 0], ends
    assert figures(ends[0][1]) == figures(ends[1][1])
    assert "repeat 1" not in ends[0][2]
    assert "| 0/30" not in ends[0][2]
    assert_alike(tmp_path / "killed", alone)
