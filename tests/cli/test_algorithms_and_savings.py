"""Search algorithms, what a search begins with, savings, and `show`."""

import os
from collections import Counter

import pytest

from hnas_tf import load_genotype
from hnas_tf.archive import Archive
from tests import processes

SHORT = (
    "--evaluator=tests.toy:ToyEvaluator",
    "--num_workers=1",
    "--num_evaluations=40",
    "--initial_population=8",
    "--num_initial_mutations=50",
    "--num_repeats=3",
)
OWN = "tests.evolution.test_algorithms:Uphill"


def search(mark, workdir, *flags):
    code, out, err = processes.run(
        mark, "search", f"--workdir={workdir}", *SHORT, *flags
    )
    assert code == 0, err
    return out


def show(mark, workdir, *flags):
    code, out, err = processes.run(mark, "show", f"--workdir={workdir}", *flags)
    assert err == ""
    return code, out


@pytest.mark.parametrize(
    "flags",
    [
        ("--algorithm=evolution", "--noreuse_fitness"),
        ("--algorithm=random",),
        ("--algorithm=aging", "--population_size=10"),
        ("--algorithm=pareto", "--pareto_cost=multiply_adds"),
        (f"--algorithm={OWN}",),
        ("--early_stop", "--adaptive_repeats", "--early_stop_fraction=0.25"),
    ],
    ids=["evolution", "random", "aging", "pareto", "own", "savings"],
)
def test_every_search_is_verified(tmp_path, mark, flags):
    out = search(mark, tmp_path, *flags)
    assert "The search is finished: 40 individuals" in out
    algorithm = [flag for flag in flags if flag.startswith("--algorithm=")]
    code, out = show(mark, tmp_path, "--verify", *algorithm)
    assert code == 0, out
    assert out.startswith("Verified: 40 proposals, ")


@pytest.mark.forged
def test_code_that_only_a_file_names_is_not_imported(tmp_path, mark):
    search(mark, tmp_path)
    config = tmp_path / "config.json"
    text = config.read_text()
    named = text.replace(
        '"algorithm": "evolution"', '"algorithm": "evil:Class"'
    )
    assert named != text
    config.write_text(named)
    (tmp_path / "evil.py").write_text("raise SystemExit('imported')")
    where = {"PYTHONPATH": f"{os.environ['PYTHONPATH']}:{tmp_path}"}
    flags = (f"--workdir={tmp_path}", "--verify")
    code, out, err = processes.run(mark, "show", *flags, **where)
    assert (code, out) == (1, "")
    assert "Received: algorithm=None, and evil:Class there" in err
    flags = (*flags, "--algorithm=evil:Class")
    assert "imported" in processes.run(mark, "show", *flags, **where)[2]


@pytest.mark.forged
def test_a_search_that_was_tampered_with_is_not(tmp_path, mark):
    search(mark, tmp_path)
    config = tmp_path / "config.json"
    text = config.read_text().replace('"seed": 0', '"seed": 1')
    config.write_text(text)
    code, out = show(mark, tmp_path, "--verify")
    assert code == 1
    first, second, *_ = out.splitlines()
    assert first == "The search does not repeat:"
    assert second.startswith("Individual 1 has another genotype")


@pytest.mark.parametrize(
    "flag",
    [
        "--algorithm=evolutoin",
        "--initial_genotypes=liu2018,liu2018 --max_parameters=1000",
    ],
)
def test_a_workdir_is_not_spoiled_by_a_command_that_is_refused(
    tmp_path, mark, flag
):
    flags = (f"--workdir={tmp_path}", *SHORT, *flag.split())
    code, _, err = processes.run(mark, "search", *flags)
    assert code == 1
    assert err.startswith("error: ")
    assert "The search is finished" in search(mark, tmp_path)


def test_a_search_that_goes_on_keeps_what_it_was_given(tmp_path, mark):
    first, second = tmp_path / "first", tmp_path / "second"
    search(mark, first)
    flags = (f"--initial_genotypes={first}", "--initial_population=5")
    search(mark, second, *flags, "--num_evaluations=10")
    search(mark, first, "--num_evaluations=60")
    first.rename(tmp_path / "elsewhere")
    search(mark, second, *flags)
    code, out = show(mark, second, "--verify")
    assert code == 0, out
    *_, err = processes.run(
        mark,
        "search",
        f"--workdir={second}",
        *SHORT,
        "--initial_genotypes=liu2018",
        "--initial_population=5",
    )
    assert "evolution.initial_genotypes: " in err


def test_of_aging_no_more_are_random_than_may_live(tmp_path, mark):
    flags = [f for f in SHORT if not f.startswith("--initial_population")]
    code, _, err = processes.run(
        *(mark, "search", f"--workdir={tmp_path}", *flags),
        *("--algorithm=aging", "--population_size=5"),
    )
    assert code == 0, err
    with Archive.open(tmp_path) as archive:
        parents = [one.parent for one in archive.individuals()]
    assert parents[:5] == [None] * 5
    assert None not in parents[5:]


def test_what_was_reused_is_told(tmp_path, mark):
    out = search(mark, tmp_path)
    with Archive.open(tmp_path) as archive:
        individuals = archive.individuals()
    number = sum(one.equal_to is not None for one in individuals)
    assert number > 0
    words = f"40 individuals, {number} took the fitness of an equal one."
    assert words in out
    _, shown = show(mark, tmp_path, "--limit=40")
    assert f"{number} of them equal to another one and not trained" in shown
    assert shown.count("; equal to ") == number


def test_repeats_are_saved_and_shown(tmp_path, mark):
    search(mark, tmp_path, "--adaptive_repeats", "--tournament_fraction=1")
    with Archive.open(tmp_path) as archive:
        individuals = archive.individuals()
    assert Counter(one.num_repeats for one in individuals)[1] > 2
    _, shown = show(mark, tmp_path, "--limit=1")
    header, best, *_ = shown.splitlines()
    assert header.split()[:5] == [
        *("individual", "fitness", "error", "repeats", "share")
    ]
    assert best.split()[3:5] == ["3", "1"]


def test_the_front_is_shown_of_any_search(tmp_path, mark):
    search(mark, tmp_path, "--algorithm=random")
    with Archive.open(tmp_path) as archive:
        individuals = archive.individuals()
    for cost in ("parameters", "multiply_adds"):
        _, shown = show(mark, tmp_path, f"--pareto={cost}")
        numbers = [int(line.split()[0]) for line in shown.splitlines()[1:-1]]
        front = [individuals[number - 1] for number in numbers]
        fitnesses = [one.fitness for one in front]
        costs = [getattr(one.cost, cost) for one in front]
        assert len(front) > 1
        assert fitnesses == sorted(fitnesses, reverse=True)
        assert costs == sorted(costs, reverse=True)
        # Nobody who is left out has both.
        for one in individuals:
            assert any(
                other.fitness >= one.fitness
                and getattr(other.cost, cost) <= getattr(one.cost, cost)
                for other in front
            )


def test_a_search_begins_with_names_files_individuals_and_searches(
    tmp_path, mark
):
    search(mark, tmp_path / "first")
    with Archive.open(tmp_path / "first") as archive:
        (best, second) = archive.fittest(2)
        fifth = archive.individual(5)
    first = tmp_path / "first"
    given = f"{first / 'best' / 'genotype.json'},liu2018,{first}#5,{first}"
    search(
        mark,
        tmp_path / "second",
        f"--initial_genotypes={given}",
        "--initial_population=5",
    )
    with Archive.open(tmp_path / "second") as archive:
        found = archive.individuals()
    assert [one.genotype for one in found[:5]] == [
        best.genotype,
        load_genotype("liu2018"),
        fifth.genotype,
        best.genotype,
        second.genotype,
    ]
    assert [one.is_given for one in found] == [True] * 5 + [False] * 35
    assert found[3].equal_to == 1
    _, shown = show(mark, tmp_path / "second", "--limit=40")
    assert shown.count("given") == 5
    code, out = show(mark, tmp_path / "second", "--verify")
    assert code == 0, out
