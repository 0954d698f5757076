"""What a person gets wrong is answered in a sentence, and loses nothing."""

import sqlite3
import subprocess
import sys

import pytest

from tests import processes

TOY = ("--evaluator=tests.toy:ToyEvaluator", "--num_workers=1")
SHORT = ("--num_evaluations=3", "--initial_population=2", "--crop_size=8")


def refusal(mark, program, *flags):
    """Runs a program that must refuse; returns its one sentence."""
    code, out, err = processes.run(mark, program, *flags)
    assert code != 0
    assert out == ""
    # A progress bar may have been there before.
    sentence = err.splitlines()[-1]
    assert sentence.startswith("error: "), err
    assert "Traceback" not in err
    return sentence


@pytest.mark.parametrize(
    ("flag", "words"),
    [
        ("--no_such_flag=1", "no_such_flag"),
        ("--num_step=3", "Did you mean: num_steps"),
        ("--num_steps=many", "many"),
        ("--num_steps=0", "`num_steps` must be at least 1. Received: num_st"),
        ("--tournament_fraction=1.5", "(0, 1]. Received: tournament_fraction"),
        ("--rungs=0.5,0.2", "rise strictly within (0, 1)"),
        ("--rungs=a", "rungs"),
        ("--algorithm=annealing", "be one of aging, evolution, pareto, random"),
        ("--algorithm=no.such:Class", "No module named 'no'"),
        ("--algorithm=tests.toy:ToyEvaluator", "Received: algorithm=tests.toy"),
        ("--initial_genotypes=no/such", "no/such"),
        (f"--initial_genotypes=no/such#{'9' * 5000}", "no/such#999"),
        ("--initial_genotypes=liu2018 --num_nodes=4,4", "sizes of the search"),
        ("--early_stop --rungs=", "name a share where early_stop is on"),
        ("--algorithm=pareto --adaptive_repeats", "select by fitness alone"),
        ("--early_stop_fraction=1", "lie in (0, 1)"),
        ("--population_size=1", "`population_size` must be at least 2"),
        ("--representation=tree", "flat|hierarchical"),
        ("--num_nodes=4,5,6", "as many levels as num_motifs, 2"),
        ("--num_motifs=6,2", "top level of a search space must have exactly"),
        ("--representation=flat --num_motifs=6,1 --num_nodes=4,5", "one level"),
        ("--dataset=cifar11", "digits"),
        ("--evaluator=nowhere", "import path `module:factory`"),
        ("--max_parameters=0", "`max_parameters` must be at least 1"),
        ("--max_parameters=5", "over the budget"),
        ("--flagfile=no/such.flags", "no/such.flags"),
        ("--evaluator=no.such:thing", "No module named 'no'"),
        ("--evaluator=tests.toy:Unusable", "no such accelerator"),
        ("--workdir=gs://bucket/run", "on a local disk"),
        ("--workdir=/dev/null/run", "/dev/null"),
        ("digits", "Expected flags alone. Received: digits"),
        (
            "--augmentation=resized_crop",
            "`augmentation` must be crop in a sear",
        ),
        ("--seed=-1", "`seed` must be at least 0"),
    ],
)
def test_a_wrong_flag_is_answered_in_a_sentence(tmp_path, mark, flag, words):
    flags = (f"--workdir={tmp_path}", *TOY, *SHORT, *flag.split())
    assert words in refusal(mark, "search", *flags)


@pytest.mark.parametrize("program", ["search", "preflight"])
def test_a_flagfile_that_is_no_text_is_answered_in_a_sentence(
    tmp_path, mark, program
):
    flagfile = tmp_path / "some.flags"
    flagfile.write_bytes(b"--num_steps=\xff")
    assert "utf-8" in refusal(mark, program, f"--flagfile={flagfile}")


@pytest.mark.parametrize("flag", ["--num_samples=3", "--saved_fraction=0.5"])
def test_what_one_network_does_not_have_is_no_flag_of_its(mark, flag):
    flags = ("--genotype=liu2018", flag)
    assert "Unknown command line flag" in refusal(mark, "preflight", *flags)


def test_a_search_in_which_all_fail_says_why(tmp_path, mark):
    sentence = refusal(
        mark,
        "search",
        f"--workdir={tmp_path}",
        "--evaluator=tests.toy:TroubledEvaluator",
        "--num_workers=1",
        *SHORT,
    )
    assert "3 that failed, the first with: error: ValueError: the" in sentence
    _, out, _ = processes.run(mark, "show", f"--workdir={tmp_path}")
    assert "0 finished, 0 stopped, 3 failed" in out


@pytest.mark.parametrize(
    ("program", "flags"), [("search", (*TOY, *SHORT)), ("evaluate", ())]
)
def test_a_task_of_a_cluster_is_refused(tmp_path, mark, program, flags):
    flags = (f"--workdir={tmp_path}", *flags)
    code, _, err = processes.run(mark, program, *flags, TF_CONFIG="{}")
    assert code == 1
    assert "Received: TF_CONFIG={}" in err


def test_a_search_needs_a_workdir(mark):
    assert "--workdir" in refusal(mark, "search", *TOY)


@pytest.mark.parametrize(
    ("program", "flag"),
    [
        ("search", "--num_motifs"),
        ("search", "--rungs"),
        ("show", "--pareto"),
        ("train", "--profile_steps"),
        ("evaluate", "--num_mistakes"),
        ("export", "--warmup_batch_sizes"),
        ("preflight", "--saved_fraction"),
    ],
)
def test_help_lists_our_flags_only(mark, program, flag):
    code, out, _ = processes.run(mark, program, "--helpshort")
    assert code in (0, 1)
    assert f"  {flag}: " in out
    assert "--verbosity" not in out


def search(mark, workdir, *flags):
    return processes.run(
        mark, "search", f"--workdir={workdir}", *TOY, *SHORT, *flags
    )


def test_another_search_in_the_workdir_is_shown_what_differs(tmp_path, mark):
    assert search(mark, tmp_path)[0] == 0
    flags = ("--num_steps=7", "--seed=3", "--prepare_ahead")
    code, _, err = search(mark, tmp_path, *flags)
    assert code == 1
    assert "seed: 0 there, 3 now" in err
    assert "training.num_steps: 5000 there, 7 now" in err
    assert "workers.prepare_ahead: None there, True now" in err
    assert "is finished: 3 individuals" in search(mark, tmp_path)[1]


def test_the_same_command_again_says_that_it_is_finished(tmp_path, mark):
    first = search(mark, tmp_path)
    again = search(mark, tmp_path)
    assert first[0] == again[0] == 0
    assert again[1] == first[1]
    assert "best fitness" in first[1]
    assert "python -m hnas_tf.train --flagfile=" in first[1]


def test_two_searches_do_not_share_a_workdir(tmp_path, mark):
    flags = (f"--workdir={tmp_path}", "--num_workers=1", *SHORT)
    slow = "--evaluator=tests.toy:SlowEvaluator"
    first = processes.start(mark, "search", *flags, slow, TOY_SECONDS="60")
    processes.wait_for(lambda: len(processes.pids(mark)) == 2)
    err = refusal(mark, "search", *flags, slow)
    processes.kill(first)
    assert "where one is running" in err


@pytest.mark.forged
@pytest.mark.parametrize("content", [b"", b"not a database at all" * 99])
def test_a_foreign_file_is_not_touched(tmp_path, mark, content):
    assert search(mark, tmp_path)[0] == 0
    archive = tmp_path / "search.sqlite"
    for name in ("search.sqlite-wal", "search.sqlite-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    archive.write_bytes(content)
    if content:
        assert "not a database" in refusal(
            mark, "search", f"--workdir={tmp_path}", *TOY, *SHORT
        )
        assert archive.read_bytes() == content
    assert "archive" in refusal(mark, "show", f"--workdir={tmp_path}")


@pytest.mark.forged
def test_another_programs_database_is_refused(tmp_path, mark):
    assert search(mark, tmp_path)[0] == 0
    archive = tmp_path / "search.sqlite"
    archive.unlink()
    with sqlite3.connect(archive) as connection:
        connection.execute("CREATE TABLE theirs (number INTEGER)")
    connection.close()
    before = archive.read_bytes()
    flags = (f"--workdir={tmp_path}", *TOY, *SHORT)
    assert "another program" in refusal(mark, "search", *flags)
    assert archive.read_bytes() == before


def test_without_tensorflow_the_search_says_how_to_install_it(tmp_path, mark):
    (tmp_path / "tensorflow.py").write_text("")
    hide = (
        "import importlib.util, runpy, sys\n"
        "find = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *rest: (\n"
        "    None if name == 'tensorflow' else find(name, *rest))\n"
        f"sys.argv = ['search', '--workdir={tmp_path}', '--crop_size=8']\n"
        "runpy.run_module('hnas_tf.search', run_name='__main__')\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", hide], capture_output=True, text=True
    )
    assert result.returncode == 1
    assert "pip install 'hnas_tf[cpu]'" in result.stderr


def test_a_search_with_a_toy_never_imports_tensorflow(tmp_path, mark):
    code = (
        "import atexit, runpy, sys\n"
        "atexit.register(lambda: print('tensorflow' in sys.modules,"
        " 'keras' in sys.modules))\n"
        f"sys.argv = ['search', '--workdir={tmp_path}', {TOY[0]!r},"
        f" {TOY[1]!r}, *{SHORT!r}]\n"
        "runpy.run_module('hnas_tf.search', run_name='__main__',"
        " alter_sys=True)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.endswith("False False\n")


def test_show_prints_a_running_or_finished_search(tmp_path, mark):
    assert search(mark, tmp_path)[0] == 0
    code, out, err = processes.run(mark, "show", f"--workdir={tmp_path}")
    assert (code, err) == (0, "")
    states = "0 submitted, 3 finished, 0 stopped, 0 failed"
    assert f"3 individuals: {states}" in out
    assert out.splitlines()[0].split()[:2] == ["individual", "fitness"]


def test_the_programs_are_listed(mark):
    result = subprocess.run(
        [sys.executable, "-m", "hnas_tf"],
        capture_output=True,
        text=True,
        check=True,
    )
    for program in ("search", "show", "train", "evaluate"):
        assert f"python -m hnas_tf.{program}" in result.stdout
    assert "flags" in result.stdout


def test_a_crop_larger_than_the_pictures_is_refused(tmp_path, mark):
    flags = (f"--workdir={tmp_path}", "--crop_size=20")
    words = "`crop_size` must be at most 8 for those of digits"
    assert words in refusal(mark, "search", *flags)
