"""The experiment on searches: with toy trainings, and once with real ones."""

import argparse
import contextlib
import json
import math
import subprocess
from statistics import fmean

import pytest
from scipy import stats

from benchmarks import search_quality
from benchmarks.quality import analysis, comparisons, findings, searches
from benchmarks.quality import setting as settings
from benchmarks.quality.budget import Budget, from_document
from benchmarks.quality.experiment import (
    CALIBRATION,
    Experiment,
    Search,
    all_searches,
)
from benchmarks.quality.page import as_markdown, covered
from benchmarks.quality.picture import draw
from benchmarks.quality.rows import PLAIN, REUSE, ROWS, SAVING
from benchmarks.quality.setting import Setting
from benchmarks.quality.statistics import paired, pooled
from benchmarks.quality.table import TABLE_NAME, Found, Table, Training
from hnas_tf.errors import HnasError, InvalidError

BUDGET = Budget(
    num_individuals=20, initial_population=6, num_tests=2, num_repeats=3
)
SETTING = settings.present(BUDGET)


class ToyTrainings:
    """Fills the table at once.

    Attributes:
        asked: Digests and repeats, in order.
    """

    def __init__(self, table):
        self._table = table
        self.asked = []

    def train(self, genotype, digest, part, repeats):
        assert part == "validation"
        for repeat in repeats:
            self.asked.append((digest, repeat))
            # Of the digest alone: equal networks train alike.
            reached = {s: accuracy_of(digest, repeat, s) for s in BUDGET.shares}
            found = Found(reached, building=2.0, training=1.0)
            self._table.add(Training(digest, part, repeat), found)


def accuracy_of(digest, repeat, share):
    good = int(digest[:6], 16) / 16**6
    noise = int(digest[6 + 2 * repeat : 8 + 2 * repeat], 16) / 256
    return share * (0.9 * good + 0.1 * noise)


def open_table(tmp_path):
    return Table(tmp_path / "table.jsonl", BUDGET.describe())


def run(tmp_path, row, seed=1):
    table = open_table(tmp_path)
    trainings = ToyTrainings(table)
    return searches.run(ROWS[row], seed, BUDGET, table, trainings), trainings


@pytest.mark.parametrize("row", ROWS)
def test_every_search_spends_its_steps(tmp_path, row):
    found, trainings = run(tmp_path, row)
    assert len(trainings.asked) == len(set(trainings.asked))
    saves, number = ROWS[row].savings, len(found["history"])
    if ROWS[row].is_single:
        assert number == 1
        return
    rung = round(BUDGET.rungs[0] * BUDGET.num_steps)
    assert 0 < found["num_steps"] - BUDGET.total_steps <= 2 * rung
    # Nothing is trained for the one that the steps do not reach.
    heard_of = {digest for digest, *_ in found["history"]}
    unheard = {digest for digest, _ in trainings.asked} - heard_of
    assert not unheard or saves
    assert number > 20 if saves else number == 20
    # The last one, which ends with the last step, may still win.
    best = max(steps for steps, *_ in found["changes"])
    assert best <= BUDGET.total_steps
    assert found["winners"][0]["number"] == found["changes"][-1][-1]
    reused = [digest for digest, equal, *_ in found["history"] if equal]
    assert bool(reused) == bool(saves)


def test_a_known_table_trains_nothing(tmp_path):
    first, trainings = run(tmp_path, PLAIN)
    assert trainings.asked
    again, trainings = run(tmp_path, PLAIN)
    assert trainings.asked == []
    assert {**again, "seconds": 0} == {**first, "seconds": 0}


def test_reuse_goes_the_way_of_plain_evolution_and_further(tmp_path):
    plain, _ = run(tmp_path, PLAIN)
    reuse, _ = run(tmp_path, REUSE)
    digests = [digest for digest, *_ in plain["history"]]
    assert [d for d, *_ in reuse["history"]][: len(digests)] == digests
    assert len(reuse["history"]) > len(digests)


def test_winners_after_parts_of_the_steps_are_the_best_until_then(tmp_path):
    found, _ = run(tmp_path, SAVING)
    whole, third, fifth = found["winners"]
    assert whole["fitness"] >= third["fitness"] >= fifth["fitness"]
    assert whole["number"] >= third["number"] >= fifth["number"]


def test_processes_share_a_table(tmp_path):
    ours, theirs = open_table(tmp_path), open_table(tmp_path)
    training = Training("abc", "test", 3)
    ours.add(training, Found({0.25: 0.1, 1.0: 1 / 3}, 0.5, 0.25))
    assert theirs.get(training) == {0.25: 0.1, 1.0: 1 / 3}
    # Who comes second, with other last digits, takes what is there.
    other = Training("abd", "test", 1)
    ours.add(other, Found({1.0: 0.5}))
    theirs.add(other, Found({1.0: 0.6}))
    assert theirs.get(other) == ours.get(other) == {1.0: 0.5}
    assert open_table(tmp_path).trainings() == theirs.trainings()
    assert ours.trainings()[training] == ({0.25: 0.1, 1.0: 1 / 3}, 0.5, 0.25)


def test_a_line_that_was_never_finished_is_dropped(tmp_path):
    path = tmp_path / "table.jsonl"
    open_table(tmp_path).add(Training("abc", "test", 1), Found({1.0: 0.5}))
    with path.open("a") as file:
        file.write('["abd", "test", 1, {"1.')
    table = open_table(tmp_path)
    assert len(table) == 1
    table.add(Training("abd", "test", 1), Found({1.0: 0.75}))
    assert open_table(tmp_path).get(Training("abd", "test", 1)) == {1.0: 0.75}


def test_a_table_of_another_budget_is_refused(tmp_path):
    open_table(tmp_path)
    with pytest.raises(InvalidError, match="initial_population=12"):
        Table(tmp_path / "table.jsonl", Budget(num_steps=7).describe())


def test_an_interval_is_students():
    ours, theirs = [1.0, 2.5, 2.0, 4.0], [0.5, 2.0, 2.5, 2.0]
    expected = stats.ttest_rel(ours, theirs).confidence_interval(0.9)
    found = paired(ours, theirs)
    assert found.mean == pytest.approx(0.625)
    assert found[1:] == pytest.approx((expected.low, expected.high))
    assert pooled([[1, 3], [10, 10, 13]]) == pytest.approx((8 / 3) ** 0.5)


def test_a_search_without_savings_is_replayed_as_it_was(tmp_path):
    found, _ = run(tmp_path, PLAIN)
    table = open_table(tmp_path)
    same = analysis.replay(table, [found], BUDGET)
    assert same == (1, 0, 0, 0.0)
    stopped = analysis.replay(table, [found], BUDGET, early_stop=True)
    # At least what those save that are stopped at the first rung.
    assert 0.1 < stopped.saved < 0.75


def test_ranks_agree_with_those_of_other_repeats(tmp_path):
    table = open_table(tmp_path)
    for place in range(5):
        for repeat in (1, 2, 3):
            # What the first repeat says is the opposite of the others.
            accuracy = (5 - place if repeat == 1 else place) / 10
            found = Found(dict.fromkeys(BUDGET.shares, accuracy))
            table.add(Training(f"network {place}", "validation", repeat), found)
    digests = [f"network {place}" for place in range(5)]
    its = analysis.correlations(table, digests, BUDGET)
    assert its == pytest.approx(dict.fromkeys((0.25, 0.5, 1.0), -1))


def test_the_page_has_a_row_for_whatever_has_ended(tmp_path):
    experiment = Experiment(tmp_path, SETTING)
    for row in (PLAIN, REUSE, SAVING, "hierarchical, random search"):
        for seed in (1, 2, 3):
            run_in(experiment, Search(row, seed))
    missing = list(experiment.missing())
    assert Search(PLAIN, 4) in missing
    assert Search(PLAIN, 3) not in missing
    # As another process reads it.
    experiment = Experiment(tmp_path, SETTING)
    page = as_markdown(experiment)
    error = fmean(
        its["winners"][0]["test_error"]
        for search, its in experiment.found().items()
        if search.row == PLAIN
    )
    assert f"| {PLAIN} | 3 | {error:.2f} |" in page
    third = "after 0.33 of the steps"
    for ours, theirs in (
        (f"{SAVING} {third}", PLAIN),
        (f"{PLAIN} {third}", PLAIN),
        (f"{SAVING} {third}", f"{PLAIN} {third}"),
    ):
        assert f"| {ours} - {theirs} | 3 of 10 |" in page
    assert "| both | " in page
    assert "rank correlation" in page
    assert f"{SAVING}: of " in page
    # Not before all have ended.
    assert "3 pairs so far" in page
    assert "3 of 5 seeds so far" in page
    draw(experiment.found(), BUDGET, tmp_path / "picture.png")
    picture = (tmp_path / "picture.png").read_bytes()
    assert picture.startswith(b"\x89PNG")


def with_errors(row, errors):
    """Returns searches whose winners have errors, whatever the fraction."""
    return {
        Search(row, seed): {"history": [], "winners": [{"test_error": it}] * 3}
        for seed, it in enumerate(errors, start=1)
    }


@pytest.mark.parametrize(
    ("worse", "verdict"),
    [
        (0.3, ": reached, the upper end of the two-sided 90% interval of 10 "),
        (0.6, ": not reached, the upper end of the two-sided 90% interval of "),
    ],
)
def test_a_goal_is_judged_by_the_upper_bound_of_all_pairs(worse, verdict):
    plain = with_errors(PLAIN, range(10))
    saving = with_errors(SAVING, (error + worse for error in range(10)))
    said = comparisons.of_goals({**plain, **saving})
    assert said.count(verdict) == 2
    assert f"{worse:+.2f}." in said


def test_reuse_saves_what_plain_evolution_would_have_trained():
    new, old = ["digest", None, 1.0, 3], ["digest", 1, 1.0, 3]
    plain = with_errors(PLAIN, [0.0] * 5)
    reuse = with_errors(REUSE, [0.0] * 5)
    for its in plain.values():
        its["history"] = [new] * 4
    for its in reuse.values():
        # The last three it trained for the steps that it saved.
        its["history"] = [new, new, new, old, old, old, new]
    found = {**plain, **reuse}
    assert set(comparisons.reused_fractions(found).values()) == {0.25}
    goal = comparisons.of_goals(found)
    assert "of the trainings: reached, 25% on the mean of 5 seeds" in goal


def test_parts_of_the_steps_take_parts_of_the_time(tmp_path):
    found, _ = run(tmp_path, PLAIN)
    table = open_table(tmp_path)
    # Building takes 2 s, and each of three trainings 1 s.
    assert analysis.seconds_of(table, found, BUDGET) == 20 * 5
    part = analysis.seconds_of(table, found, BUDGET, fraction=0.25)
    assert part == 5 * 5


def test_time_that_two_searches_share_is_counted_once():
    assert covered([(0, 4), (2, 6), (3, 5), (10, 11)]) == 7


def test_a_budget_comes_back_from_json():
    text = json.dumps(BUDGET.describe())
    assert from_document(json.loads(text)) == BUDGET


def accuracies(trainings, digest, part, repeat):
    found = trainings[Training(digest, part, repeat)]
    assert found.building > 0
    assert found.training > 0
    return found.accuracies


def test_a_search_is_run_in_a_child_with_real_trainings(tmp_path):
    tiny = Budget(
        num_training=64,
        num_validation=100,
        num_test=100,
        num_channels=2,
        num_steps=4,
        num_repeats=2,
        num_individuals=2,
        initial_population=2,
        num_tests=2,
    )
    search = Search("hierarchical, random search", 1)
    found = search_quality.in_a_child(search, tmp_path, tiny)
    experiment = Experiment(tmp_path, settings.present(tiny))
    trainings = experiment.table.trainings()
    digest = found["winners"][0]["digest"]
    errors = [
        100 * (1 - accuracies(trainings, digest, "test", repeat)[1.0])
        for repeat in (1, 2)
    ]
    assert found["winners"][0]["test_error"] == pytest.approx(fmean(errors))
    for repeat in (1, 2):
        reached = accuracies(trainings, digest, "validation", repeat)
        assert list(reached) == [0.25, 0.5, 1.0]
        assert 0 < reached[1.0] <= 1


@pytest.mark.parametrize("space", ["flat", "hierarchical"])
@pytest.mark.parametrize(("ratio", "is_refused"), [(2.9, True), (3.1, False)])
def test_candidates_that_differ_by_chance_end_the_experiment(
    tmp_path, monkeypatch, capsys, space, ratio, is_refused
):
    spread = analysis.Spread(10, ratio, 1.0)
    monkeypatch.setattr(search_quality, "spreads", lambda _: {space: spread})
    refuses = pytest.raises(HnasError, match="spreads 3 times its noise")
    with refuses if is_refused else contextlib.nullcontext():
        search_quality.check_spread(Experiment(tmp_path, SETTING))
    assert f"spreads {ratio} times its noise" in capsys.readouterr().out


def test_the_spread_is_that_of_random_searches(tmp_path):
    experiment = Experiment(tmp_path, SETTING)
    assert findings.spreads(experiment) == {}
    search = Search("hierarchical, random search", 1)
    found, _ = run_in(experiment, search)
    (spread,) = findings.spreads(experiment).values()
    assert spread.number == len({digest for digest, *_ in found["history"]})
    assert spread.of_fitness > spread.of_noise > 0
    true, noise = spread.without_noise, spread.of_noise
    assert math.hypot(true, noise) == pytest.approx(spread.of_fitness)


def run_in(experiment, search):
    """Runs a search with toy trainings, and notes what it came to."""
    trainings = ToyTrainings(experiment.table)
    found = searches.run(
        ROWS[search.row], search.seed, BUDGET, experiment.table, trainings
    )
    experiment.add(search, as_of_a_child(found, search.seed))
    return found, trainings


def as_of_a_child(found, seed):
    """Adds to what a search came to what its process and its parent do."""
    for winner in found["winners"]:
        winner["test_error"] = 100 * (1 - winner["fitness"])
    return {**found, "began": 10.0 * seed, "ended": 10.0 * seed + 15}


class Children:
    """Takes the place of processes, each of which has a table of its own.

    Attributes:
        asked: For which searches.
    """

    def __init__(self, failing=()):
        self.asked = []
        self._failing = failing

    def __call__(self, search, folder, budget):
        self.asked.append(search)
        if search in self._failing:
            raise subprocess.CalledProcessError(1, "child")
        table = Table(folder / TABLE_NAME, SETTING.trainings)
        trainings = ToyTrainings(table)
        found = searches.run(
            ROWS[search.row], search.seed, budget, table, trainings
        )
        return as_of_a_child(found, search.seed)


def run_experiment(tmp_path, monkeypatch, children, *, most, page=False):
    monkeypatch.setattr(search_quality, "in_a_child", children)
    options = argparse.Namespace(
        out=tmp_path, processes=1, page=page, most=most
    )
    search_quality.run(options, BUDGET)


def test_an_experiment_goes_on_with_what_is_missing(
    tmp_path, monkeypatch, capsys
):
    first, second = Children(), Children()
    run_experiment(tmp_path, monkeypatch, first, most=7)
    assert {*first.asked[:4]} == {*CALIBRATION}
    run_experiment(tmp_path, monkeypatch, second, most=2)
    assert [*first.asked, *second.asked] == all_searches()[:9]
    page = (tmp_path / "search_quality.md").read_text()
    assert "| flat, random search | 2 |" in page
    assert "9 searches ran" in page
    assert capsys.readouterr().out.endswith(page + "\n")


def test_a_search_that_fails_leaves_the_others_to_go_on(tmp_path, monkeypatch):
    bad = all_searches()[5]
    with pytest.raises(HnasError, match=f"{bad.row}, seed {bad.seed}, which"):
        run_experiment(tmp_path, monkeypatch, Children([bad]), most=8)
    experiment = Experiment(tmp_path, SETTING)
    assert {*experiment.found(), bad} == {*all_searches()[:8]}
    assert (tmp_path / "search_quality.md").exists()
    again = Children()
    run_experiment(tmp_path, monkeypatch, again, most=1)
    assert again.asked == [bad]


def test_nothing_long_begins_where_the_calibration_failed(
    tmp_path, monkeypatch
):
    children = Children(CALIBRATION[:1])
    with pytest.raises(HnasError, match="failed"):
        run_experiment(tmp_path, monkeypatch, children, most=8)
    assert {*children.asked} == {*CALIBRATION}


def test_what_another_code_found_is_not_mixed_in(tmp_path, monkeypatch):
    children = Children()
    run_experiment(tmp_path, monkeypatch, children, most=4)
    other = Setting({**SETTING.trainings, "training_code": "0"}, "0")
    with pytest.raises(InvalidError, match="Expected trainings of training_co"):
        Experiment(tmp_path, other)
    # Trainings remain; searches are run again.
    other = Setting(SETTING.trainings, "0")
    assert Experiment(tmp_path, other).found() == {}
    # The page is of what is there, whatever the code is now.
    monkeypatch.setattr(settings, "present", lambda budget: other)
    path = tmp_path / "search_quality.md"
    page = path.read_text()
    path.unlink()
    run_experiment(tmp_path, monkeypatch, children, most=None, page=True)
    assert path.read_text() == page


def test_a_page_of_nothing_is_refused(tmp_path):
    with pytest.raises(SystemExit, match="where there are none"):
        search_quality.main(["--page", f"--out={tmp_path}"])


def test_neighbours_do_not_begin_with_the_same_networks():
    found = all_searches()
    assert len(found) == len(set(found)) == 60
    pairs = zip(found, found[1:], strict=False)
    assert not [pair for pair in pairs if pair[0].seed == pair[1].seed]
