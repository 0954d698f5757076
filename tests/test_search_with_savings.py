"""A real search that stops the hopeless early, from the command line."""

from dataclasses import replace

import pytest

from hnas_tf.archive import Archive
from hnas_tf.evolution import State
from tests import processes
from tests.test_search_and_train import NETWORK

FLAGS = (
    *NETWORK,
    *("--num_steps=24", "--batch_size=32", "--noflip", "--num_repeats=2"),
    *("--early_stop", "--adaptive_repeats", "--rungs=0.25,0.5"),
    *("--num_initial_mutations=20", "--initial_population=4"),
    "--num_workers=1",
)
NUM_EVALUATIONS = 8


def search(mark, workdir, num_evaluations):
    """Returns the individuals of a search, but for numbers of events."""
    code, _, err = processes.run(
        *(mark, "search", f"--workdir={workdir}", *FLAGS),
        f"--num_evaluations={num_evaluations}",
        timeout=300,
    )
    assert code == 0, err
    with Archive.open(workdir) as archive:
        return [
            replace(one, known_event=0) for one in archive.individuals()
        ], archive.events(kind="progress")


@pytest.mark.usefixtures("verified")
def test_real_trainings_are_stopped_and_repeat_to_the_bit(tmp_path, mark):
    whole, progress = search(mark, tmp_path / "whole", NUM_EVALUATIONS)
    search(mark, tmp_path / "parts", NUM_EVALUATIONS // 2)
    parts, again = search(mark, tmp_path / "parts", NUM_EVALUATIONS)
    assert parts == whole
    stopped = [one for one in whole if one.state is State.STOPPED]
    assert 0 < len(stopped) < NUM_EVALUATIONS
    # Nobody was trained on who was stopped.
    reached = {
        one["individual"]: (one["repeat"], one["share"]) for one in progress
    }
    for one in whole:
        if one.equal_to is None:
            last = (1, one.share) if one in stopped else (one.num_repeats, 1.0)
            assert reached[one.number] == last
    assert [one["accuracy"] for one in again] == [
        one["accuracy"] for one in progress
    ]
