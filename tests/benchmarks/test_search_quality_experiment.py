"""The experiment on searches: what runs, what fails, and what its page says."""

import argparse
import contextlib
import math
from statistics import fmean

import pytest

from benchmarks import search_quality
from benchmarks.quality import analysis, comparisons, findings
from benchmarks.quality import setting as settings
from benchmarks.quality.experiment import (
    CALIBRATION,
    Experiment,
    Search,
    all_searches,
)
from benchmarks.quality.page import as_markdown, covered
from benchmarks.quality.picture import draw
from benchmarks.quality.rows import PLAIN, REUSE, SAVING
from benchmarks.quality.setting import Setting
from hnas_tf.errors import HnasError, InvalidError
from tests.benchmarks.experiments import (
    BUDGET,
    SETTING,
    Children,
    open_table,
    run,
    run_in,
)


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
    assert f"{SAVING}: in " in page
    assert "Fitness of random hierarchical networks spreads at least 3" in page
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
    ("worse", "spread", "verdict", "apart"),
    [
        (0.3, 0.0, "reached", "yes"),
        (0.6, 0.0, "not reached", "yes"),
        (0.3, 1.0, "undecided", "no"),
        (0.0, 0.1, "reached", "no"),
    ],
)
def test_a_goal_is_judged_by_the_interval_of_all_pairs(
    worse, spread, verdict, apart
):
    plain = with_errors(PLAIN, range(10))
    saving = with_errors(
        SAVING, (e + worse + spread * (-1) ** e for e in range(10))
    )
    found = {**plain, **saving}
    said = comparisons.of_goals(found, 0)
    assert said.count(f": {verdict}, the two-sided 90% interval of 10 ") == 2
    assert f"pairs is {worse:+.2f} (" in said
    (row,) = [
        line
        for line in comparisons.of_pairs(found).splitlines()
        if line.startswith(f"| {SAVING} - {PLAIN} |")
    ]
    assert row.endswith(f"| {apart} |")


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
    goal = comparisons.of_goals(found, 2)
    assert "of the trainings: reached, 25% on the mean of 5 seeds" in goal
    assert "; of 50% of the mutations." in goal


def test_equal_quality_is_reached_by_a_whole_training():
    plain = {"changes": [[10, 1.0, 0.5, 1], [90, 1.0, 0.8, 4]]}
    saving = {"changes": [[1, 0.5, 0.9, 1], [30, 1.0, 0.8, 2]]}
    assert analysis.steps_to_equal(saving, plain) == 30
    saving["changes"][1][2] = 0.7
    assert analysis.steps_to_equal(saving, plain) is None


def test_parts_of_the_steps_take_parts_of_the_time(tmp_path):
    found, _ = run(tmp_path, PLAIN)
    table = open_table(tmp_path)
    # Building takes 2 s, and each of three trainings 1 s.
    assert analysis.seconds_of(table, found, BUDGET) == 20 * 5
    part = analysis.seconds_of(table, found, BUDGET, fraction=0.25)
    assert part == 5 * 5


def test_time_that_two_searches_share_is_counted_once():
    assert covered([(0, 4), (2, 6), (3, 5), (10, 11)]) == 7


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


def test_code_that_changes_meanwhile_ends_the_experiment(tmp_path, monkeypatch):
    changed = Children(search_code="another")
    with pytest.raises(HnasError, match="code that does not change"):
        run_experiment(tmp_path, monkeypatch, changed, most=2)
    assert Experiment(tmp_path, SETTING).found() == {}


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
