import collections
import itertools
import json
import subprocess
import sys

import pytest
from tensorboard.backend.event_processing.event_file_loader import (
    LegacyEventFileLoader,
)
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.plugins.hparams import metadata

from hnas_tf.archive import open_search
from hnas_tf.config import (
    EvolutionConfig,
    SavingsConfig,
    SearchConfig,
    TrainingConfig,
)
from hnas_tf.errors import ArchiveError
from hnas_tf.events import NOT_FINITE, Failed, Finished, Progress
from hnas_tf.evolve import Every, evolve
from hnas_tf.genotype import genotype_from_json
from hnas_tf.reporting import TensorBoard, best, tensorboard
from hnas_tf.reporting.candidate_run import write_candidate
from hnas_tf.reporting.event_file import EventFile
from hnas_tf.reporting.shown import ShownCandidates
from tests import toy
from tests.toy_engine import ToyEngine

pytestmark = pytest.mark.usefixtures("verified")

COMMAND = "python -m hnas_tf.search --workdir='a -- b' --seed=0"


def events(folder):
    """Returns what TensorBoard's own loader finds in a run."""
    (path,) = folder.iterdir()
    return list(LegacyEventFileLoader(str(path)).Load())


def values(folder):
    """Returns tag -> step -> value, and how many there are of each."""
    found = collections.defaultdict(dict)
    for event in events(folder):
        for value in event.summary.value:
            assert event.step not in found[value.tag]
            found[value.tag][event.step] = value
    return found


def scalars(folder):
    """Returns tag -> step -> number."""
    return {
        tag: {step: value.simple_value for step, value in steps.items()}
        for tag, steps in values(folder).items()
        if next(iter(steps.values())).WhichOneof("value") == "simple_value"
    }


def text(value):
    """Returns what a text says, without its indentation."""
    (markdown,) = value.tensor.string_val
    return "\n".join(map(str.strip, markdown.decode().splitlines())).strip()


def words_of(command):
    """Returns the words that a shell makes of a command."""
    return subprocess.check_output(["sh", "-c", f"printf '%s\n' {command}"])


def run(workdir, name="search"):
    return workdir / "tensorboard" / name


def search(workdir, num_evaluations, *, reuse=False, board=None, **engine):
    config = SearchConfig(
        training=TrainingConfig(num_repeats=1),
        evolution=EvolutionConfig(
            num_evaluations=num_evaluations, initial_population=5
        ),
        savings=SavingsConfig(reuse_fitness=reuse),
    )
    if board is None:
        board = TensorBoard(workdir, command=COMMAND, max_candidates=6)
        board = Every(5.0, board)
    with open_search(workdir, config) as archive:
        evolve(
            config,
            archive=archive,
            engine=ToyEngine(**engine),
            watchers=[board],
            clock=toy.Clock(),
        )
        return archive.individuals()


def test_the_search_is_shown_against_evaluated_individuals(tmp_path):
    individuals = search(tmp_path, 60)
    shown = scalars(run(tmp_path))
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
    resumed, whole = (scalars(run(tmp_path / name)) for name in "ab")
    # But for how fast it was.
    for shown in (resumed, whole):
        del shown["workers/candidates_per_hour"]
        del shown["workers/idle_fraction"]
    assert resumed == whole
    assert list(resumed["fitness/best"]) == list(range(1, 21))
    genotypes = [values(run(tmp_path / n))["best/genotype"] for n in "ab"]
    assert genotypes[0] == genotypes[1]


def test_failed_individuals_count_as_evaluated(tmp_path):
    outcomes = {(2, 1): [Failed(2, 1, NOT_FINITE)]}
    search(tmp_path, 4, outcomes=outcomes)
    shown = scalars(run(tmp_path))
    assert list(shown["fitness/last"]) == [1, 3, 4]
    failed = shown["individuals/failed_fraction"]
    assert failed == pytest.approx({1: 0, 2: 1 / 2, 3: 1 / 3, 4: 1 / 4})


def test_only_the_best_and_the_latest_candidates_have_curves(tmp_path):
    individuals = search(tmp_path, 30)
    by_fitness = sorted(individuals, key=lambda one: -one.fitness)
    best = {one.number for one in by_fitness[:3]}
    folder = run(tmp_path, "candidates")
    shown = {int(path.name) for path in folder.iterdir()}
    assert shown == best | {28, 29, 30}


def test_tensorboard_selects_all_runs_of_a_search_and_five_trainings(tmp_path):
    search(tmp_path, 40, board=Every(5.0, TensorBoard(tmp_path)))
    runs = {path.parent for path in tmp_path.rglob("events*")}
    most = 40  # Its `maxNamesToEnableByDefault`.
    assert 20 < len(runs) <= most - 5


def test_who_is_not_shown_for_long_is_not_written(tmp_path, monkeypatch):
    written = []

    def write(folder, number, *others):
        written.append(number)
        write_candidate(folder, number, *others)

    monkeypatch.setattr(tensorboard, "write_candidate", write)
    now = itertools.count(step=0.2)  # Passes whenever it is asked for.
    board = TensorBoard(tmp_path, max_candidates=4)
    board = Every(5.0, board, clock=lambda: next(now))
    search(tmp_path, 60, board=board)
    shown = {int(p.name) for p in run(tmp_path, "candidates").iterdir()}
    assert len(shown) == 4
    assert shown <= set(written)
    # At the beginning and the end, and after about every tenth individual.
    assert 10 < len(written) <= 4 * 8
    # Figures are of all of them.
    assert len(scalars(run(tmp_path))["fitness/last"]) == 60


def test_who_took_a_fitness_is_counted_and_has_no_curve(tmp_path):
    individuals = search(tmp_path, 60, reuse=True)
    reused = {one.number for one in individuals if one.equal_to is not None}
    assert reused
    shown = scalars(run(tmp_path))
    assert shown["individuals/reused_fraction"][60] == pytest.approx(
        len(reused) / 60
    )
    assert shown["individuals/stopped_fraction"][60] == 0
    folder = run(tmp_path, "candidates")
    assert not reused & {int(path.name) for path in folder.iterdir()}


@pytest.mark.forged
def test_a_candidate_has_its_curve_and_is_a_trial(tmp_path):
    curve = ((10, 2.0), (20, 1.0))
    outcomes = {
        (1, 1): [
            Progress(1, 1, 1, 1.0, 0.5, curve),
            Finished(1, 1, (0.5, 0.75), {"building": 1.0, "training": 2.0}),
        ]
    }
    (individual,) = search(tmp_path, 1, outcomes=outcomes)
    shown = scalars(run(tmp_path, "candidates/000001"))
    assert shown["loss/repeat_1"] == {10: 2.0, 20: 1.0}
    assert shown["validation_accuracy/repeat_1"] == {20: 0.5}
    assert shown["fitness/of_candidates"] == {1: 0.625}
    deviation = pytest.approx(individual.fitness_std)
    assert shown["fitness/std_of_candidates"] == {1: deviation}
    assert shown["workers/seconds_of_candidates"] == {1: 3.0}
    found = values(run(tmp_path, "candidates/000001"))
    (start,) = found[metadata.SESSION_START_INFO_TAG].values()
    trial = metadata.parse_session_start_info_plugin_data(
        start.metadata.plugin_data.content
    )
    parameters = trial.hparams["parameters"].number_value
    assert parameters == individual.cost.parameters
    assert trial.hparams["last_mutation"].string_value == "random"
    (told,) = values(run(tmp_path))[metadata.EXPERIMENT_TAG].values()
    experiment = metadata.parse_experiment_plugin_data(
        told.metadata.plugin_data.content
    )
    names = {info.name for info in experiment.hparam_infos}
    assert names == set(trial.hparams)
    assert {info.name.tag for info in experiment.metric_infos} <= shown.keys()


def test_whenever_the_best_changes_its_genotype_is_shown(tmp_path):
    board = TensorBoard(tmp_path)
    individuals = search(tmp_path, 30, board=board)
    fitnesses = [one.fitness for one in individuals]
    bests = [
        step
        for step in range(1, 31)
        if fitnesses[step - 1] > max([0, *fitnesses[: step - 1]])
    ]
    found = values(run(tmp_path))
    assert list(found["best/genotype"]) == bests
    assert list(found["best/picture"]) == bests
    for step in bests:
        words, *shown = text(found["best/genotype"][step]).splitlines()
        assert words.startswith(f"Individual {step}: fitness ")
        genotype = genotype_from_json("".join(shown))
        assert genotype == individuals[step - 1].genotype
    picture = found["best/picture"][bests[-1]].image
    drawn = best.picture_of(individuals[bests[-1] - 1].genotype)
    assert picture.encoded_image_string == drawn
    (graph,) = run(tmp_path, "best").iterdir()
    assert graph.name == f"{bests[-1]:06d}"
    assert any(GraphDef.FromString(e.graph_def).node for e in events(graph))


def test_a_best_is_drawn_once_and_one_of_several_at_a_time(tmp_path):
    best.picture_of.cache_clear()
    search(tmp_path, 30, num_workers=30, in_batches=True)
    found = values(run(tmp_path))
    assert len(found["best/genotype"]) > len(found["best/picture"])
    num_drawn = best.picture_of.cache_info().misses
    assert num_drawn == len(found["best/picture"])
    search(tmp_path, 30)
    assert list(values(run(tmp_path))["best/picture"]) == [
        list(found["best/picture"])[-1]
    ]
    assert best.picture_of.cache_info().misses == num_drawn


def test_configuration_command_and_failures_are_texts(tmp_path):
    outcomes = {(2, 1): [Failed(2, 1, NOT_FINITE, "loss\n</pre><b>nan</b>")]}
    search(tmp_path, 4, outcomes=outcomes)
    found = values(run(tmp_path))
    shown = text(found["search/configuration"][0])
    assert json.loads(shown) == json.loads(
        (tmp_path / "config.json").read_text()
    )
    typed = text(found["search/command_to_go_on"][0])
    assert len(typed.splitlines()) == 3
    assert words_of(typed) == words_of(COMMAND)
    assert list(found["failures"]) == [2]
    assert text(found["failures"][2]).split("\n") == [
        "individual 2, attempt 1: not finite",
        "loss",
        "</pre><b>nan</b>",
    ]


def test_the_shown_keep_their_places():
    shown = ShownCandidates(4)
    places = []
    for number, fitness in enumerate([0.1, 0.9, 0.5, 0.5, 0.2, 0.0]):
        shown.add(number, (1.0, fitness))
        places.append(shown.numbers())
    assert places[:2] == [{0}, {0, 1}]
    assert places[2:4] == [{1, 2}, {1, 2, 3}]
    assert places[4:] == [{1, 2, 3, 4}, {1, 2, 4, 5}]


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
