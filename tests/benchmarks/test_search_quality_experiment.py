"""The experiment on searches: what runs, what fails, and what its page says."""

import argparse
import contextlib
import math
from statistics import fmean

import pytest

from benchmarks import search_quality
from benchmarks.quality import analysis, comparisons, findings, goals, paper
from benchmarks.quality import setting as settings
from benchmarks.quality.comparisons import Side
from benchmarks.quality.experiment import (
    CALIBRATION,
    Experiment,
    Search,
    all_searches,
)
from benchmarks.quality.findings import covered
from benchmarks.quality.page import as_markdown
from benchmarks.quality.picture import draw
from benchmarks.quality.rows import FRACTIONS, PLAIN, REUSE, SAVING
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
    assert f"{SAVING}: it has a candidate with the fitness of the w" in page
    assert "Fitness of random hierarchical networks spreads at least 3" in page
    third = "after 0.33 of the steps"
    for ours, theirs in (
        (f"{SAVING} {third}", PLAIN),
        (f"{PLAIN} {third}", PLAIN),
        (f"{SAVING} {third}", f"{PLAIN} {third}"),
    ):
        assert f"| {ours} | {theirs} | 3 of 10 |" in page
    assert "| all three | " in page
    assert "rank correlation" in page
    assert "were stopped early; of the others were trained: " in page
    # Not before all have ended.
    assert "3 pairs so far" in page
    assert "3 of 5 seeds so far" in page
    draw(experiment.found(), BUDGET, tmp_path / "picture.png")
    picture = (tmp_path / "picture.png").read_bytes()
    assert picture.startswith(b"\x89PNG")


def with_errors(row, errors):
    """Returns searches whose winners have errors, whatever the fraction."""
    return {
        Search(row, seed): {
            "history": [],
            "winners": [{"test_error": error, "digest": f"{row} {seed}"}] * 3,
        }
        for seed, error in enumerate(errors, start=1)
    }


@pytest.mark.parametrize(
    ("worse", "spread", "verdict", "beats"),
    [
        (0.3, 0.0, "reached", "the second"),
        (0.6, 0.0, "not reached", "the second"),
        (0.3, 1.0, "not shown, the interval contains 0.5", "-"),
        (0.0, 0.1, "reached", "-"),
        (-0.2, 0.1, "reached", "the first"),
    ],
)
def test_a_goal_is_judged_by_the_interval_of_all_pairs(
    worse, spread, verdict, beats
):
    plain = with_errors(PLAIN, range(10))
    saving = with_errors(
        SAVING, (e + worse + spread * (-1) ** e for e in range(10))
    )
    found = {**plain, **saving}
    mean = comparisons.points(worse)
    for fraction in FRACTIONS[1:]:
        said = goals.of_savings(found, fraction)
        start = f": {verdict}; 10 pairs, two-sided 90% interval {mean} ("
        assert start in said
    (row,) = [
        line
        for line in comparisons.of_pairs(found, BUDGET).splitlines()
        if line.startswith(f"| {SAVING} | {PLAIN} |")
    ]
    assert row.startswith(f"| {SAVING} | {PLAIN} | 10 of 10 | 0 | {mean} (")
    assert row.endswith(f"| {beats} |")


def test_winners_that_are_one_network_do_not_differ():
    plain = with_errors(PLAIN, [1.0, 2.0])
    its = comparisons.compared(plain, Side(PLAIN), Side(PLAIN))
    assert its.num_same == 2
    assert comparisons.in_cells(its)[2:] == ["0.00 (0.00 to 0.00)", "-"]


@pytest.mark.parametrize(
    ("gain", "order"), [(2.0, "as there"), (-2.0, "the other way"), (0, "open")]
)
def test_the_order_is_held_against_the_papers(gain, order):
    random = with_errors("flat, random search", [20.0, 30.0, 40.0])
    better = with_errors(
        "flat, evolution", [20.0 - gain, 30.1 - gain, 39.9 - gain]
    )
    page = paper.of_orders({**random, **better}, BUDGET)
    (row,) = [
        line
        for line in page.splitlines()
        if line.startswith("| flat, evolution | flat, random search | 3.92 ")
    ]
    assert "| 4.02 ± 0.11 (200) | -0.10 | 3 of 5 | 0 |" in row
    assert row.endswith(f"| {order} |")


def test_what_the_paper_does_not_tell_apart_has_no_order():
    names = ("hierarchical, random search", "flat, random search")
    found = [with_errors(name, [k, k, k + 1.0]) for k, name in enumerate(names)]
    page = paper.of_orders(found[0] | found[1], BUDGET)
    (row,) = [line for line in page.splitlines() if line.startswith("| hier")]
    assert "| 4.04 ± 0.20 (200) | 4.02 ± 0.11 (200) | +0.02 |" in row
    assert row.endswith("| none there |")


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
    assert set(goals.reused_fractions(found).values()) == {0.25}
    goal = goals.of_reuse(found, 2)
    assert "of the trainings: reached, 25% of the individuals" in goal
    assert "of those alone that are mutations 50%." in goal


def test_equal_quality_is_reached_by_a_whole_training():
    plain = {"changes": [[10, 1.0, 0.5, 1], [90, 1.0, 0.8, 4]]}
    saving = {"changes": [[1, 0.5, 0.9, 1], [30, 1.0, 0.8, 2]]}
    assert analysis.steps_to_equal(saving, plain) == (30, 90)
    saving["changes"][1][2] = 0.7
    assert analysis.steps_to_equal(saving, plain) == (math.inf, 90)


def test_parts_of_the_steps_take_parts_of_the_time(tmp_path):
    found, _ = run(tmp_path, PLAIN)
    table = open_table(tmp_path)
    # Building takes 2 s, and each of three trainings 1 s.
    assert analysis.seconds_of(table, found, BUDGET) == 20 * 5
    part = analysis.seconds_of(table, found, BUDGET, fraction=0.25)
    assert part == 5 * 5
    # A half of a first training, one training, and nothing.
    (digest, *_), *_ = found["history"]
    history = [[digest, None, 0.5, 1], [digest, None, 1.0, 1]]
    saving = {"history": [*history, [digest, 1, 1.0, 3]]}
    assert analysis.seconds_of(table, saving, BUDGET) == 2.5 + 3


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
