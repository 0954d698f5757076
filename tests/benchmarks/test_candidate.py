"""The benchmark of a candidate, begin to end, on the tiniest networks.

No time is looked at: only that there is one.
"""

import importlib.util
import json
import pathlib
import shutil
import sys

import pytest

from benchmarks import candidate
from benchmarks.candidates import session
from benchmarks.candidates.contenders import OURS, PYTORCH, Library
from benchmarks.candidates.equality import UnequalError
from tests.benchmarks.samples import (
    GENOTYPE,
    WORKLOAD,
    contender,
    options,
    ours_and_fit,
)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The results of a run of ours and `fit`."""
    path = tmp_path_factory.mktemp("results") / "candidate.jsonl"
    candidate.run(options(path), ours_and_fit(), WORKLOAD)
    return path


@pytest.fixture
def copy(finished, tmp_path):
    return pathlib.Path(shutil.copy(finished, tmp_path))


def page(path):
    return path.with_suffix(".md").read_text()


def entries(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def launched(monkeypatch):
    """The modules of all processes that are started."""
    modules = []

    def launch(command, *others):
        modules.append(command[-1])
        return launch_it(command, *others)

    launch_it = session.launch
    monkeypatch.setattr(session, "launch", launch)
    return modules


def test_every_measurement_is_a_line(finished):
    made = [
        (key["contender"], key["genotype"], key["part"])
        for key in (entry["key"] for entry in entries(finished))
    ]
    assert made == [
        ("ours", GENOTYPE, "function"),
        ("fit", GENOTYPE, "function"),
        ("fit", GENOTYPE, "round 1"),
        ("ours", GENOTYPE, "round 1"),
        ("ours", "peaks", "round 1"),
    ]
    assert not any("error" in entry["found"] for entry in entries(finished))


def test_the_page_has_every_ratio_of_ours_and_fit(finished):
    rows = {
        cells[1].strip(): cells[2].strip()
        for cells in (line.split("|") for line in page(finished).splitlines())
        if len(cells) > 2
    }
    for name in (
        "training: ours / fit, images/s",
        "first steps: fit / ours, s",
        "evaluation: ours / fit, images/s",
        "another repeat: ours built anew / ours reset, s",
    ):
        assert float(rows[name].split()[0].replace(",", "")) > 0
    assert rows["training: ours / pytorch, images/s"] == "-"
    assert GENOTYPE in rows


def test_what_was_measured_is_not_measured_again(copy, launched, capsys):
    lines = copy.read_text()
    candidate.run(options(copy), ours_and_fit(), WORKLOAD)
    assert not launched
    assert copy.read_text() == lines
    assert capsys.readouterr().out.strip() == page(copy).strip()


def test_an_interrupted_run_goes_on(copy, finished, launched):
    copy.write_text(copy.read_text()[:-10])
    candidate.run(options(copy), ours_and_fit(), WORKLOAD)
    assert launched == ["benchmarks.candidates.peaks"]
    assert [entry["key"] for entry in entries(copy)] == [
        entry["key"] for entry in entries(finished)
    ]


def test_a_network_that_says_something_else_ends_the_run(copy):
    wrong = contender(
        "fit", name="wrong", program="tests.benchmarks.perturbed:Program"
    )
    with pytest.raises(UnequalError, match=f"{GENOTYPE}: wrong in inference"):
        candidate.run(options(copy), [contender(OURS), wrong], WORKLOAD)


def test_who_cannot_be_imported_is_named_in_the_page(copy, launched):
    absent = contender(
        PYTORCH, library=Library(sys.executable, "no_such_module", ())
    )
    candidate.run(options(copy), [*ours_and_fit(), absent], WORKLOAD)
    assert not launched
    assert "- pytorch: not measured, ModuleNotFoundError" in page(copy)


@pytest.mark.skipif(
    not importlib.util.find_spec("torch"), reason="needs PyTorch"
)
def test_pytorch_computes_the_same(copy, launched):
    library = Library(sys.executable, "torch", ("torch",))
    other = contender(PYTORCH, library=library)
    candidate.run(options(copy), [contender(OURS), other], WORKLOAD)
    assert launched == 2 * ["benchmarks.candidates.child"]


def test_the_program_knows_its_genotypes_and_contenders(capsys):
    with pytest.raises(SystemExit):
        candidate.parse(["--genotypes=liu2018,mine"])
    assert "Received: mine" in capsys.readouterr().err
    assert candidate.parse(["--contenders=fit"]).contenders == ["fit"]
