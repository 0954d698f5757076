"""A real search of a few candidates, from the command line, to the end."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hnas_tf import load_genotype
from hnas_tf.archive import CONFIG_NAME, Archive, read_config
from hnas_tf.evolve import verify
from tests import processes

ROOT = Path(__file__).parents[1]
NETWORK = (
    "--num_channels=4",
    "--num_groups=2",
    "--cells_per_group=1",
    "--crop_size=8",
    "--padding=1",
)
TRAINING = ("--num_steps=100", "--batch_size=32", "--noflip", "--rungs=0.5")
SEARCH = (
    "--num_evaluations=3",
    "--initial_population=2",
    "--num_repeats=2",
    "--num_initial_mutations=20",
    "--num_workers=1",
)


@pytest.fixture(scope="module")
def workdir(tmp_path_factory):
    """A finished search, which every test of this file looks at."""
    path = tmp_path_factory.mktemp("search")
    code, out, err = processes.run(
        processes.new_mark(),
        "search",
        f"--workdir={path}",
        *NETWORK,
        *TRAINING,
        *SEARCH,
        timeout=300,
    )
    assert code == 0, err
    assert "The search is finished: 3 individuals." in out
    with Archive.open(path) as archive:
        config = read_config(path / CONFIG_NAME)
        assert verify(config, archive).problems == []
    return path


def test_every_candidate_has_accuracies_curves_and_seconds(workdir):
    with Archive.open(workdir) as archive:
        finished = archive.events(kind="finished")
        progress = archive.events(kind="progress")
        ready = archive.events(kind="ready")
    assert len(finished) == 3
    for event in finished:
        assert len(event["accuracies"]) == 2
        assert set(event["seconds"]) == {
            "building",
            "tracing",
            "training",
            "evaluating",
        }
    assert [e["share"] for e in progress] == [0.5, 1.0] * 6
    assert progress[1]["curve"][-1][0] == 100
    facts = ready[0]["facts"]
    assert (facts["device"], facts["threads"]) == ("cpu", 1)
    assert {"tensorflow", "keras", "precision"} <= set(facts)


def test_candidates_learn_something(workdir):
    with Archive.open(workdir) as archive:
        assert archive.fittest(1)[0].fitness > 0.2


def test_the_workdir_holds_what_the_readme_says(workdir):
    names = {path.name for path in workdir.iterdir()}
    assert {"config.json", "search.sqlite", "best", "tensorboard"} <= names
    with Archive.open(workdir) as archive:
        best = archive.fittest(1)[0].genotype
    assert load_genotype(workdir / "best" / "genotype.json") == best
    assert list((workdir / "tensorboard" / "candidates").iterdir())


def test_the_winner_is_trained_and_tested(workdir, mark):
    flags = (
        f"--workdir={workdir / 'final'}",
        f"--genotype={workdir}",
        "--threads=1",
        *NETWORK,
        *TRAINING,
    )
    code, out, err = processes.run(mark, "train", *flags, timeout=300)
    assert code == 0, err
    result = json.loads((workdir / "final" / "result.json").read_text())
    words = " ".join(out.split())
    assert f"test accuracy {result['accuracy']:.4f}" in words
    assert result["accuracy"] > 0.2
    with Archive.open(workdir) as archive:
        best = archive.fittest(1)[0]
    assert result["parameters"] == best.cost.parameters
    weights = workdir / "final" / "repeat_1" / "model.weights.h5"
    assert weights.stat().st_size > 4 * best.cost.parameters
    assert load_genotype(workdir / "final" / "genotype.json") == best.genotype

    again = processes.run(mark, "train", *flags)
    assert again[0] == 0
    assert again[1] == out[out.index("The training is finished.") :]
    code, _, err = processes.run(mark, "train", *flags, "--num_steps=101")
    assert code == 1
    assert "train.training.num_steps: 100 there, 101 now" in err


def test_any_individual_can_be_trained(workdir, tmp_path, mark):
    flags = (f"--workdir={tmp_path}", *NETWORK, "--num_steps=2", "--threads=1")
    code, _, err = processes.run(
        mark, "train", f"--genotype={workdir}#2", *flags, timeout=300
    )
    assert code == 0, err
    with Archive.open(workdir) as archive:
        expected = archive.individual(2).genotype
    assert load_genotype(tmp_path / "genotype.json") == expected
    code, _, err = processes.run(
        mark, "train", f"--genotype={workdir}#9", *flags
    )
    assert code == 1
    assert "Received: number 9" in err


def test_other_pictures_are_refused_before_they_are_read(workdir, mark):
    flags = (f"--workdir={workdir}", *NETWORK, *TRAINING, *SEARCH)
    code, out, err = processes.run(
        mark, "search", *flags, "--dataset=npz:/no/such.npz"
    )
    assert (code, out) == (1, "")
    assert "data.dataset: digits there, npz:/no/such.npz now" in err
    assert len(list((workdir / "data").iterdir())) == 1


def test_the_program_in_the_readme_runs(workdir, tmp_path):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (program,) = [
        block
        for block in re.findall(r"```python\n(.*?)```", readme, re.S)
        if 'Archive.open("runs/digits")' in block
    ]
    shutil.copytree(workdir, tmp_path / "runs" / "digits")
    found = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout.startswith("0.")
