import json

import pytest

from hnas_tf import load_genotype
from hnas_tf.archive import open_search
from hnas_tf.config import EvolutionConfig, SearchConfig, TrainingConfig
from hnas_tf.events import NOT_FINITE, Failed
from hnas_tf.evolution import Individual, Mutation, State
from hnas_tf.evolve import evolve
from hnas_tf.plan import Cost
from hnas_tf.reporting import BestFiles, ProgressBar, summary, table
from tests.evolve import trainings
from tests.toy_engine import ToyEngine

pytestmark = pytest.mark.usefixtures("verified")

CONFIG = SearchConfig(
    training=TrainingConfig(num_repeats=1, crop_size=8),
    evolution=EvolutionConfig(num_evaluations=6, initial_population=3),
)


def individual(number, fitness, **its):
    return Individual(
        number,
        load_genotype("liu2018"),
        Cost(1234567, 89, 1),
        state=State.FINISHED,
        fitness=fitness,
        **its,
    )


def test_a_table_lines_its_columns_up():
    mutation = Mutation(3, 1, 4, 2, 5)
    lines = table.individuals_table(
        [
            individual(1, 0.5),
            individual(
                12,
                1.0,
                fitness_std=0.25,
                num_repeats=4,
                share=1.0,
                parent=1,
                mutation=mutation,
            ),
        ]
    ).splitlines()
    assert len(set(map(len, lines))) == 1
    words = ["1", "0.5000", "-", "-", "-", "1,234,567", "89"]
    assert lines[1].split()[:7] == words
    assert lines[2].endswith("motif 1 of level 3, edge 2 -> 4: motif 5")
    assert lines[2].split()[:5] == ["12", "1.0000", "0.1250", "4", "1"]


def test_a_mutation_is_put_in_words():
    drawn = Mutation(2, 6, 3, 1, None)
    assert table.mutation_in_words(None) == "random"
    assert (
        table.mutation_in_words(drawn)
        == "motif 6 of level 2, edge 1 -> 3: none"
    )


def test_a_summary_says_what_was_found_and_what_is_next(tmp_path):
    with open_search(tmp_path, CONFIG) as archive:
        evolve(CONFIG, archive=archive, engine=ToyEngine())
        best = archive.fittest(1)[0]
        text = summary.of_search(archive, CONFIG, tmp_path, "next command")
    assert "finished: 6 individuals." in text
    assert f"{best.fitness:.4f} (individual {best.number})" in text
    assert f"{best.cost.parameters:,}" in text
    assert f"{best.cost.multiply_adds:,} (8x8)" in text
    assert str(tmp_path) in text
    assert text.endswith("next command")


def test_the_bar_shows_done_best_and_last(tmp_path, capsys):
    with open_search(tmp_path, CONFIG) as archive:
        evolve(
            CONFIG,
            archive=archive,
            engine=ToyEngine(),
            watchers=[ProgressBar(6)],
        )
        individuals = archive.individuals()
    shown = capsys.readouterr().err.split("\r")[-1]
    best = max(one.fitness for one in individuals)
    assert "6/6" in shown
    assert f"best {best:.4f}, last {individuals[-1].fitness:.4f}" in shown


def test_the_bar_counts_those_that_were_not_trained_to_the_end(
    tmp_path, capsys
):
    its = trainings.config(
        num_evaluations=40, reuse_fitness=True, early_stop=True
    )
    failed = {(2, 1): [Failed(2, 1, NOT_FINITE)]}
    with open_search(tmp_path, its) as archive:
        evolve(
            its,
            archive=archive,
            engine=trainings.Trainings(outcomes=failed),
            watchers=[ProgressBar(40)],
        )
        individuals = archive.individuals()
    reused = sum(one.equal_to is not None for one in individuals)
    stopped = sum(one.state is State.STOPPED for one in individuals)
    assert min(reused, stopped) > 1
    shown = capsys.readouterr().err.split("\r")[-1]
    assert f", reused {reused}, stopped {stopped}, failed 1" in shown


def test_the_best_lies_in_the_workdir(tmp_path):
    with open_search(tmp_path, CONFIG) as archive:
        evolve(
            CONFIG,
            archive=archive,
            engine=ToyEngine(),
            watchers=[BestFiles(tmp_path)],
        )
        best = archive.fittest(1)[0]
    assert load_genotype(tmp_path / "best" / "genotype.json") == best.genotype
    picture = (tmp_path / "best" / "genotype.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert json.loads((tmp_path / "config.json").read_text())["version"] == 2
    assert {path.name for path in (tmp_path / "best").iterdir()} == {
        "genotype.json",
        "genotype.png",
    }
