"""What the compiler answers, possibly elsewhere, becomes a page."""

import dataclasses
import json
import math

import pytest

from benchmarks import preflight
from benchmarks.candidates.results import Results
from benchmarks.tpu import compile as compiling
from benchmarks.tpu import key, lower, questions
from benchmarks.tpu.answers import noted
from benchmarks.tpu.program import Program
from hnas_tf.errors import HnasError
from hnas_tf.tpu.job import EVALUATION, TRAINING
from hnas_tf.tpu.verdict import (
    CRASHED,
    NOT_LOWERED,
    OUT_OF_MEMORY,
    Compiled,
    Memory,
    Refused,
)
from tests.xla import requires_xla

FOUND = Compiled(Memory(1 << 20, 0, 2 << 20, 1 << 20), 1e9, 5e9, 9e6, 2.0, 30.0)


@pytest.fixture(autouse=True)
def versions(monkeypatch):
    """The compiler need not be installed to read what it said."""
    monkeypatch.setattr(key, "version", lambda name: "1")


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(questions, "SAMPLES", {"v5e": 2})
    monkeypatch.setattr(questions, "NUM_PLAIN", 1)


def answer_all(results, found, *, tables, machine="a machine, 1 at a time"):
    for table in tables:
        for _, job in questions.jobs_of(table):
            results.add(key.key_of(job), noted(found(job), machine, "one"))


def page_of(path, *tables):
    preflight.main(["--page", f"--out={path}", "--tables", *tables])
    return path.with_suffix(".md").read_text(encoding="utf-8")


def test_candidates_and_their_ratio_to_plain_ones(short, tmp_path):
    path = tmp_path / "answers.jsonl"

    def found(job):
        is_plain = not job.network.optimize_graph
        return (
            dataclasses.replace(FOUND, bytes_moved=1e10) if is_plain else FOUND
        )

    answer_all(Results(path), found, tables=("candidates", "plain"))
    page = page_of(path, "candidates", "plain")
    assert "| hierarchical, v5e | 2 of 2 | 0% | 4.0 | 5.00 |" in page
    assert "| flat, v5e | 2 of 2 |" in page
    assert "| a machine, 1 at a time | flat, v5e | 2 | 30 | 30 | 30 |" in page
    assert "| hierarchical 1 | 10.00 | 5.00 | 2.00 |" in page


def test_hours_count_on_a_compiler_that_is_alone(short, tmp_path):
    path = tmp_path / "answers.jsonl"
    results = Results(path)
    slow = dataclasses.replace(FOUND, compile_seconds=9e3)
    jobs = [
        job
        for name, job in questions.jobs_of("candidates")
        if "hierarchical" in name
    ]
    for number, job in enumerate(jobs):  # Two programs of two candidates.
        found = [(FOUND, "a machine, 1 at a time"), (slow, "another, 16")]
        verdict, machine = found[number // 2]
        # A step lasts a millisecond.
        found = dataclasses.replace(verdict, bytes_moved=819e6, cycles=1.0)
        results.add(key.key_of(job), noted(found, machine, "one"))
    page = page_of(path, "candidates")
    assert "one after another; 1 hierarchical ones for a v5e 64 s;" in page
    (training,) = {job.training for job in jobs}
    num_batches = (len(training.rungs) + 1) * math.ceil(10_000 / 256)
    alone = 4 * (5_000 + num_batches) / 1_000
    for percent in (0, 25, 67):
        hours = 7_000 * (1 - percent / 100) * 64 / 8 / 3_600
        dollars = hours * 8 * 1.2
        chips = 7_000 * (1 - percent / 100) * alone / 8 / 3_600
        cell = (
            f"{chips:.0f} / {hours:.0f} / {hours:.0f} h, "
            f"${chips * 8 * 1.2:.0f} / {dollars:.0f} / {dollars:.0f}"
        )
        name = f"hierarchical search, 8 chips, {percent}% saved"
        assert f"| {name} | - | {cell} |" in page
    # Whoever is stopped early was compiled: here that is all the time.
    hours = 7_000 * 64 / 8 / 3_600
    chips = 0.5 * 7_000 * alone / 8 / 3_600
    assert (
        "| hierarchical search, 8 chips, 50% of each training saved | - | "
        f"{chips:.0f} / {hours:.0f} / {hours:.0f} h, " in page
    )


def test_a_generation_has_its_own_seconds_of_the_compiler(
    monkeypatch, tmp_path
):
    monkeypatch.setattr(questions, "SAMPLES", {"v5e": 1, "v6e": 1})
    path = tmp_path / "answers.jsonl"

    def found(job):
        seconds = {"v5e": 30.0, "v6e": 300.0}[job.tpu_type]
        return dataclasses.replace(
            FOUND, bytes_moved=1.0, cycles=1.0, compile_seconds=seconds
        )

    answer_all(Results(path), found, tables=("candidates",))
    page = page_of(path, "candidates")
    assert "1 hierarchical ones for a v5e 64 s; " in page
    assert "1 flat ones for a v6e 604 s; " in page
    (line,) = (
        x
        for x in page.splitlines()
        if x.startswith("| flat search, 8 chips, 0% saved")
    )
    cells = line.split("|")
    for seconds, cell in ((64, cells[3]), (604, cells[5])):
        hours = 7_000 * seconds / 8 / 3_600
        assert f" / {hours:.0f} / {hours:.0f} h, " in cell


def test_a_machine_of_eleven_at_a_time_was_not_alone(short, tmp_path):
    path = tmp_path / "answers.jsonl"
    answer_all(
        *(Results(path), lambda job: FOUND),
        tables=("candidates",),
        machine="a machine, 11 at a time",
    )
    assert "search, 8 chips" not in page_of(path, "candidates")


def test_what_to_rent_for_a_final_training(tmp_path):
    path = tmp_path / "answers.jsonl"

    def found(job):
        # One device's step lasts as long as its bytes do, or its cycles.
        return dataclasses.replace(FOUND, bytes_moved=819e8, cycles=3e8)

    answer_all(Results(path), found, tables=("liu2018",))
    page = page_of(path, "liu2018")
    (line,) = (
        x
        for x in page.splitlines()
        if x.startswith("| liu2018, CIFAR, 64 channels, 5 trainings")
    )
    hours = 5 * 80_000 * 0.1 / 3_600
    least, expected = hours, 2 * hours
    assert (
        f"| {least:.0f} / {expected:.0f} h, "
        f"${least * 1.2:.0f} / {expected * 1.2:.0f} |" in line
    )
    assert "| liu2018, search" not in page


def test_what_does_not_fit_is_said(tmp_path):
    path = tmp_path / "answers.jsonl"
    refused = Refused(OUT_OF_MEMORY, "24 of 16 GB")

    def found(job):
        return refused if job.network.kind == "imagenet" else FOUND

    answer_all(Results(path), found, tables=("liu2018",))
    page = page_of(path, "liu2018")
    (line,) = (
        x
        for x in page.splitlines()
        if x.startswith("| ImageNet, 64 channels, 8")
    )
    assert line.count(f"no: {OUT_OF_MEMORY}") == 6
    (line,) = (x for x in page.splitlines() if x.startswith("| search"))
    assert line.count("4 MiB, 5.00 GB") == 6


def test_what_is_too_large_with_all_that_it_needs_does_not_fit(tmp_path):
    path = tmp_path / "answers.jsonl"
    memory = Memory(8 << 30, 0, 7 << 30, 1 << 30)  # There are 15.75.
    found = dataclasses.replace(FOUND, memory=memory)
    answer_all(Results(path), lambda job: found, tables=("liu2018",))
    page = page_of(path, "liu2018")
    (line,) = (x for x in page.splitlines() if x.startswith("| search"))
    assert line.count(f"no: {OUT_OF_MEMORY}") == 3  # v2, v3 and v5e.


def test_what_was_counted_otherwise_is_asked_again(short, tmp_path, asked):
    programs, answers = tmp_path / "programs", tmp_path / "answers.jsonl"
    job = written(programs)
    old = {**noted(FOUND, "a machine", "one"), "counting": "of yesterday"}
    Results(answers).add(key.key_of(job), old)
    assert "hierarchical 1" not in page_of(answers, "plain")
    compiling.main([f"--programs={programs}", f"--out={answers}"])
    assert len(asked) == 1
    assert Results(answers).get(key.key_of(job)) != old


def test_what_cannot_be_lowered_is_an_answer(short, tmp_path, monkeypatch):
    made = {"why_not": "No such operation"}
    monkeypatch.setattr(lower, "run_errand", lambda errand, document: made)
    programs, answers = tmp_path / "programs", tmp_path / "answers.jsonl"
    assert lower_plain(programs, answers) == []
    ((_, job),) = questions.jobs_of("plain")
    assert Results(answers).get(key.key_of(job))["reason"] == NOT_LOWERED


def test_a_network_with_one_answer_of_two_is_not_shown(short, tmp_path):
    path = tmp_path / "answers.jsonl"
    results = Results(path)
    for _, job in questions.jobs_of("candidates"):
        if job.step == TRAINING:
            results.add(key.key_of(job), noted(FOUND, "a machine", "one"))
    assert "of 2 |" not in page_of(path, "candidates")


@pytest.fixture
def asked(monkeypatch):
    """The errands of a compiler that compiles everything."""
    errands = []

    def answer(errand, document, *, timeout_seconds):
        errands.append((errand, document))
        return FOUND

    monkeypatch.setattr(compiling, "verdict_by", answer)
    return errands


def lower_plain(out, known):
    lower.main([f"--out={out}", "--tables=plain", f"--known={known}"])
    return list(out.glob("*"))


@requires_xla
def test_programs_travel_and_are_asked_about_once(
    short, tmp_path, asked, capsys
):
    programs, answers = tmp_path / "programs", tmp_path / "answers.jsonl"
    (path,) = lower_plain(programs, tmp_path / "known.jsonl")
    program, written_at = Program.read(path), path.stat().st_mtime_ns
    assert "stablehlo.convolution" in program.text
    # What is written is not lowered again.
    assert lower_plain(programs, tmp_path / "known.jsonl") == [path]
    assert path.stat().st_mtime_ns == written_at
    for _ in range(2):
        compiling.main([f"--programs={programs}", f"--out={answers}"])
    assert asked == [(compiling.ERRAND, {"path": str(path)})]
    assert "compiled in 30 s" in capsys.readouterr().out
    ((_, job),) = questions.jobs_of("plain")
    assert program.key == json.loads(json.dumps(key.key_of(job)))
    assert Results(answers).get(key.key_of(job))["compile_seconds"] == 30.0
    # Nor is what is known.
    assert not lower_plain(tmp_path / "rest", answers)


@requires_xla
def test_only_another_program_is_compiled_again(
    short, tmp_path, asked, monkeypatch
):
    path = tmp_path / "answers.jsonl"
    preflight.main(["--tables=plain", f"--out={path}"])
    assert len(asked) == 1
    # Our code changed, and with it nothing that is computed.
    monkeypatch.setattr(key, "digest_of_hnas_tf", lambda: "of tomorrow")
    preflight.main(["--tables=plain", f"--out={path}"])
    assert len(asked) == 1
    first, second = path.read_text(encoding="utf-8").splitlines()
    assert json.loads(first)["found"] == json.loads(second)["found"]
    assert json.loads(second)["key"]["hnas_tf"] == "of tomorrow"
    # It changed again, and so did what is computed.
    monkeypatch.setattr(key, "digest_of_hnas_tf", lambda: "of next week")
    made = {"seconds": 1.0, "text": "another program"}
    monkeypatch.setattr(lower, "run_errand", lambda errand, document: made)
    preflight.main(["--tables=plain", f"--out={path}"])
    assert len(asked) == 2


def written(folder):
    (_, job), *_ = questions.jobs_of("plain")
    Program("plain", key.key_of(job), 1.0, "a program").write(folder)
    return job


def test_what_an_accident_ended_is_asked_about_again(tmp_path, monkeypatch):
    answers, verdicts = (
        tmp_path / "answers.jsonl",
        [Refused(CRASHED, ""), FOUND],
    )
    job = written(tmp_path)
    monkeypatch.setattr(
        compiling, "verdict_by", lambda *_, **__: verdicts.pop(0)
    )
    for verdict in (None, FOUND):
        compiling.main([f"--programs={tmp_path}", f"--out={answers}"])
        found = Results(answers).get(key.key_of(job))
        assert (found is None) == (verdict is None)
    assert not verdicts


def test_another_compiler_is_not_asked(tmp_path, asked, monkeypatch):
    written(tmp_path)
    monkeypatch.setattr(key, "version", lambda name: "2")
    with pytest.raises(HnasError, match="Expected the compiler of jax 1"):
        compiling.main([f"--programs={tmp_path}", f"--out={tmp_path / 'a'}"])
    assert not asked


def test_those_that_train_are_compiled_first(tmp_path):
    def write(step, text):
        document = {"job": {"step": step}, "text": text}
        return Program("", document, 0.0, text).write(tmp_path)

    evaluation = write(EVALUATION, "".join(map(str, range(5_000))))
    small = write(TRAINING, "a")
    large = write(TRAINING, "".join(map(str, range(2_000))))
    assert compiling._longest_first(tmp_path) == [large, small, evaluation]
