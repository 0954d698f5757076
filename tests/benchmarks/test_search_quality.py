"""The experiment on searches: with toy trainings, and once with real ones."""

import json
from statistics import fmean

import pytest
from scipy import stats

from benchmarks import search_quality
from benchmarks.quality import analysis
from benchmarks.quality import setting as settings
from benchmarks.quality.budget import Budget, from_document
from benchmarks.quality.experiment import Experiment, Search
from benchmarks.quality.replay import judge_all, replay
from benchmarks.quality.rows import (
    ALL_SAVINGS,
    PLAIN,
    REUSE,
    ROWS,
    SAVING,
    Row,
)
from benchmarks.quality.statistics import paired, pooled, rate_below
from benchmarks.quality.table import Found, Table, Training
from benchmarks.quality.training import Trainings
from hnas_tf.errors import InvalidError
from hnas_tf.evolution import Referee, racing
from tests.benchmarks.experiments import BUDGET, open_table, run


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


def test_what_others_have_trained_meanwhile_is_not_trained_again(tmp_path):
    trainings = Trainings.__new__(Trainings)  # It could build nothing.
    trainings._table = open_table(tmp_path)
    for repeat in (1, 2):
        one = Training("abc", "test", repeat)
        open_table(tmp_path).add(one, Found({1.0: 0.5}))
    trainings.train(None, "abc", "test", (1, 2))
    with pytest.raises(AttributeError):
        trainings.train(None, "abc", "test", (2, 3))


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
    with pytest.raises(InvalidError, match="num_individuals=32"):
        Table(tmp_path / "table.jsonl", Budget(num_steps=7).describe())


def test_an_interval_is_students():
    ours, theirs = [1.0, 2.5, 2.0, 4.0], [0.5, 2.0, 2.5, 2.0]
    expected = stats.ttest_rel(ours, theirs).confidence_interval(0.9)
    found = paired(ours, theirs)
    assert found.mean == pytest.approx(0.625)
    assert found[1:3] == pytest.approx((expected.low, expected.high))
    bound = stats.ttest_rel(ours, theirs, alternative="less")
    expected = bound.confidence_interval(0.9)
    assert found.bound == pytest.approx(expected.high)
    assert pooled([[1, 3], [10, 10, 13]]) == pytest.approx((8 / 3) ** 0.5)


def test_a_rate_that_was_never_seen_may_be_this_high():
    assert rate_below(0, 10) == pytest.approx(1 - 0.1**0.1)
    assert rate_below(10, 10) == 1


def test_a_search_without_savings_is_replayed_as_it_was(tmp_path):
    found, _ = run(tmp_path, PLAIN)
    searches, table = {Search(PLAIN, 1): found}, open_table(tmp_path)
    assert replay(table, searches, BUDGET) == (1, 0, 0, 0.0, 0.0)
    stopped = replay(table, searches, BUDGET, early_stop=True)
    # At least what those save that are stopped at the first rung.
    assert 0.1 < stopped.saved < 0.75
    digests = [digest for digest, *_ in found["history"]]
    reused = replay(table, searches, BUDGET, reuse=True)
    assert (
        0 < reused.saved == pytest.approx(1 - len(set(digests)) / len(digests))
    )
    assert reused[:4] == (1, 0, 0, 0.0)


@pytest.mark.parametrize(
    "savings",
    [
        {"early_stop": True},
        {"adaptive_repeats": True},
        {"early_stop": True, "adaptive_repeats": True},
        ALL_SAVINGS,
    ],
)
def test_a_search_with_savings_is_replayed_as_it_was(
    tmp_path, monkeypatch, savings
):
    # So that it counts as known in so few networks.
    monkeypatch.setattr(racing, "MIN_DEGREES", 6)
    row = Row("hierarchical", "evolution", savings=savings)
    monkeypatch.setitem(ROWS, "saving", row)
    table, search = open_table(tmp_path), Search("saving", 1)
    found, trainings = run(tmp_path, "saving")
    history = found["history"]
    for digest, *_ in history:
        trainings.train(None, digest, "validation", range(1, 4))
    asked = {k: v for k, v in savings.items() if k != "reuse_fitness"}
    reuses = "reuse_fitness" in savings
    its = replay(table, {search: found}, BUDGET, reuse=reuses, **asked)
    steps = sum(
        share * num_repeats
        for _, equal_to, share, num_repeats in history
        if equal_to is None
    )
    assert its.saved == pytest.approx(1 - steps / (3 * len(history)))
    # One by one.
    judged = judge_all(
        table,
        [digest for digest, *_ in history],
        Referee(BUDGET.search("hierarchical", "evolution", 1, **asked)),
        BUDGET,
        reuse=reuses,
    )
    for one, (_, equal_to, share, num_repeats) in zip(
        judged, history, strict=True
    ):
        trained = 0 if equal_to else share * num_repeats
        assert (one.share, one.trainings) == (share, trained)
    # And these were not the ones that a search without savings has.
    shares = {(share, num_repeats) for _, _, share, num_repeats in history}
    assert len(shares) > 1


def made_up(table, accuracies):
    """Notes networks that reach in three trainings what they reach in one."""
    for digest, shares in accuracies.items():
        reached = dict(zip(BUDGET.shares, shares, strict=True))
        for repeat in (1, 2, 3):
            table.add(Training(digest, "validation", repeat), Found(reached))
    history = [[digest, None, 1.0, 3] for digest in accuracies]
    return {Search(PLAIN, 1): {"history": history}}


def test_a_winner_that_begins_badly_is_stopped_and_another_wins(tmp_path):
    table = open_table(tmp_path)
    searches = made_up(
        table,
        {
            "good": (0.4, 0.5, 0.6),
            "better": (0.5, 0.6, 0.7),
            "best, late": (0.1, 0.2, 0.9),
        },
    )
    its = replay(table, searches, BUDGET, early_stop=True)
    # The third one is trained for a quarter of one training instead of three.
    assert its == (1, 1, 1, pytest.approx(0.2), pytest.approx(2.75 / 9))


def test_ranks_agree_with_those_of_other_repeats(tmp_path):
    table = open_table(tmp_path)
    for place in range(5):
        for repeat in (1, 2, 3):
            # What the first repeat says is the opposite of the others.
            accuracy = (5 - place if repeat == 1 else place) / 10
            found = Found(dict.fromkeys(BUDGET.shares, accuracy))
            table.add(Training(f"network {place}", "validation", repeat), found)
    digests = [f"network {place}" for place in range(5)]
    for better_half, number in ((False, 5), (True, 3)):
        its = analysis.correlations(
            table, digests, BUDGET, better_half=better_half
        )
        assert its.number == number
        assert its.by_share == pytest.approx(
            dict.fromkeys((0.25, 0.5, 1.0), -1)
        )


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
    # Nobody else is tested.
    assert sum(one.part == "test" for one in trainings) == 2
    for repeat in (1, 2):
        reached = accuracies(trainings, digest, "validation", repeat)
        assert list(reached) == [0.25, 0.5, 1.0]
        assert 0 < reached[1.0] <= 1
