import subprocess
import sys

import pytest
from tensorboard.backend.event_processing.event_file_loader import (
    LegacyEventFileLoader,
)

from hnas_tf.archive import open_search
from hnas_tf.config import (
    EvolutionConfig,
    SavingsConfig,
    SearchConfig,
    TrainingConfig,
)
from hnas_tf.errors import ArchiveError
from hnas_tf.events import NOT_FINITE, Failed
from hnas_tf.evolve import evolve
from hnas_tf.reporting import TensorBoard
from hnas_tf.reporting.event_file import EventFile
from hnas_tf.reporting.shown import ShownCandidates
from tests.toy_engine import ToyEngine


def scalars(folder):
    """Returns what TensorBoard's own loader finds: tag -> step -> value."""
    (path,) = folder.iterdir()
    found = {}
    for event in LegacyEventFileLoader(str(path)).Load():
        for value in event.summary.value:
            found.setdefault(value.tag, {})[event.step] = value.simple_value
    return found


def search(workdir, num_evaluations, *, reuse=False, **engine):
    config = SearchConfig(
        training=TrainingConfig(num_repeats=1),
        evolution=EvolutionConfig(
            num_evaluations=num_evaluations, initial_population=5
        ),
        savings=SavingsConfig(reuse_fitness=reuse),
    )
    with open_search(workdir, config) as archive:
        evolve(
            config,
            archive=archive,
            engine=ToyEngine(**engine),
            watchers=[TensorBoard(workdir, max_candidates=6)],
        )
        return archive.individuals()


def test_the_search_is_shown_against_evaluated_individuals(tmp_path):
    individuals = search(tmp_path, 60)
    shown = scalars(tmp_path / "tensorboard" / "search")
    fitnesses = [one.fitness for one in individuals]
    for step in (1, 7, 60):
        best = max(fitnesses[:step])
        assert shown["fitness/best"][step] == pytest.approx(best)
        its = individuals[fitnesses.index(best)].cost.parameters
        assert shown["cost/parameters_of_best"][step] == its
    last = sum(fitnesses[10:]) / 50
    assert shown["fitness/mean_of_last_50"][60] == pytest.approx(last)


def test_a_search_that_goes_on_is_shown_once_and_whole(tmp_path):
    search(tmp_path / "a", 7)
    search(tmp_path / "a", 20)
    search(tmp_path / "b", 20)
    resumed, whole = (
        scalars(tmp_path / name / "tensorboard" / "search") for name in "ab"
    )
    assert resumed == whole
    assert list(resumed["fitness/best"]) == list(range(1, 21))


def test_failed_individuals_count_as_evaluated(tmp_path):
    outcomes = {(2, 1): [Failed(2, 1, NOT_FINITE)]}
    search(tmp_path, 4, outcomes=outcomes)
    shown = scalars(tmp_path / "tensorboard" / "search")
    assert list(shown["fitness/last"]) == [1, 3, 4]


def test_only_the_best_and_the_latest_candidates_have_curves(tmp_path):
    individuals = search(tmp_path, 30)
    by_fitness = sorted(individuals, key=lambda one: -one.fitness)
    best = {one.number for one in by_fitness[:3]}
    folder = tmp_path / "tensorboard" / "candidates"
    shown = {int(path.name) for path in folder.iterdir()}
    assert shown == best | {28, 29, 30}


def test_who_took_a_fitness_is_counted_and_has_no_curve(tmp_path):
    individuals = search(tmp_path, 60, reuse=True)
    reused = {one.number for one in individuals if one.equal_to is not None}
    assert reused
    shown = scalars(tmp_path / "tensorboard" / "search")
    assert shown["saved/share_reused"][60] == pytest.approx(len(reused) / 60)
    assert shown["saved/share_stopped"][60] == 0
    folder = tmp_path / "tensorboard" / "candidates"
    assert not reused & {int(path.name) for path in folder.iterdir()}


def test_a_curve_carries_losses_and_the_accuracy():
    from hnas_tf.reporting.tensorboard import _write_progress

    written = []

    class Recorder:
        def scalars(self, values, *, step, wall_time):
            written.append((values, step, wall_time))

    event = {
        "repeat": 2,
        "time": 7.0,
        "accuracy": 0.5,
        "curve": [[10, 2.0], [20, 1.0]],
    }
    _write_progress(Recorder(), event)
    assert written == [
        ({"loss/repeat_2": 2.0}, 10, 7.0),
        ({"loss/repeat_2": 1.0}, 20, 7.0),
        ({"validation_accuracy/repeat_2": 0.5}, 20, 7.0),
    ]


def test_the_shown_keep_their_places():
    shown = ShownCandidates(4)
    lost = [
        shown.add(n, f) for n, f in enumerate([0.1, 0.9, 0.5, 0.5, 0.2, 0.0])
    ]
    assert lost == [set(), set(), {0}, set(), set(), {3}]
    assert shown.numbers() == {1, 2, 4, 5}


def test_an_event_file_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(ArchiveError, match="Expected to write"):
        EventFile(tmp_path / "taken")


def test_event_files_need_no_tensorflow(tmp_path):
    code = (
        "import sys, pathlib\n"
        "from hnas_tf.reporting.event_file import EventFile\n"
        f"file = EventFile(pathlib.Path({str(tmp_path)!r}))\n"
        "file.scalars({'a': 1.0}, step=1, wall_time=0.0)\n"
        "file.close()\n"
        "print('tensorflow' in sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout == "False\n"
    assert scalars(tmp_path) == {"a": {1: 1.0}}
