"""What measures the driver of a search under load, in small."""

import dataclasses
import importlib.util
import json
import queue
import subprocess
import sys

import pytest

from benchmarks import load as program
from benchmarks import memory
from benchmarks.loads import driver, figures, measures
from benchmarks.loads.agenda import Agenda, RealClock, SkippingClock
from benchmarks.loads.idle import idle_fraction
from benchmarks.loads.load import DISK, LOCAL, MODEL, RAY, SIMULATED, Load
from benchmarks.loads.page import as_markdown
from hnas_tf.engines.errand import run_errand
from hnas_tf.errors import HnasError

NAPPING = "tests.benchmarks.loads:NappingEvaluator"


def mark(individuals, **others):
    """Returns a mark after so many seconds; nothing else happens."""
    zero = dict.fromkeys(
        ("computed", "process", "listened", "machine", "resident"), 0.0
    )
    seconds = {"seconds": float(individuals), "engine_seconds": individuals}
    return {"individuals": individuals, **seconds, **zero, **others}


def found(first=0, last=100, **others):
    return {"marks": [mark(first), mark(last, **others)], "finished": last}


def run(load):
    """Returns what a load comes to, as out of the file of results."""
    return json.loads(json.dumps(driver.run(dataclasses.asdict(load))))


def test_a_clock_skips_what_is_waited_for():
    clock = SkippingClock()
    before = clock()
    clock.wait(3600.0)
    assert 3600.0 <= clock() - before < 3700.0


@pytest.mark.parametrize("clock", [SkippingClock(), RealClock()])
def test_messages_come_at_their_time_and_in_its_order(clock):
    agenda, now = Agenda(clock), clock()
    agenda.put_at(now + 0.02, "second", '{"n": 2}')
    agenda.put_at(now + 0.01, "first", '{"n": 1}')
    agenda.put_at(now + 900.0, "third", '{"n": 3}')
    assert agenda.empty()
    assert agenda.get(timeout=100.0) == ("first", {"n": 1})
    assert clock() >= now + 0.01
    assert agenda.get(timeout=100.0) == ("second", {"n": 2})
    with pytest.raises(queue.Empty):
        agenda.get(timeout=0.001)


def test_simulated_workers_finish_a_search():
    load = Load(SIMULATED, num_workers=5, first=3, last=20)
    its = run(load)
    assert its["finished"] == 25
    assert [m["individuals"] for m in its["marks"]][1] == 20
    assert its["marks"][0]["individuals"] >= 3
    assert set(its["waits"]) == {"median", "99 %", "longest"}
    assert measures.rate(its) > 0


def test_workers_of_an_hour_take_hours_of_the_clock_that_skips():
    load = Load(MODEL, num_workers=3, first=3, last=12, num_repeats=4)
    its = measures.between(run(load))
    assert its["individuals"] > 0
    assert its["engine_seconds"] > 1800.0 > its["seconds"]


def test_real_children_are_idle_for_a_share_of_their_time(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    load = Load(LOCAL, num_workers=2, last=20, archive=DISK, evaluator=NAPPING)
    its = run(load)
    assert its["finished"] == 22
    assert 0 < measures.idle(its) < 1


@pytest.mark.skipif(
    importlib.util.find_spec("ray") is None,
    reason="pip install 'hnas_tf[ray]'",
)
def test_ray_actors_finish_a_search():
    document = dataclasses.asdict(Load(RAY, num_workers=2, last=100))
    its = run_errand(figures.DRIVER, document)
    assert its["finished"] == 102
    assert its["marks"][1]["individuals"] == 100


def test_a_search_that_ends_before_all_are_ready_is_no_measurement():
    load = Load(SIMULATED, num_workers=2, first=9, last=3)
    with pytest.raises(HnasError, match="0 of 2 marks"):
        run(load)


def test_a_toy_evaluator_imports_no_tensorflow():
    code = "import sys, benchmarks.loads.evaluators; "
    code += "sys.exit('tensorflow' in sys.modules or 'numpy' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_idle_is_what_lies_outside_of_evaluations():
    def finished(began, ended):
        seconds = {"began": began, "ended": ended}
        return {"kind": "finished", "time": ended + 0.1, "seconds": seconds}

    events = [
        {"kind": "ready", "worker": 1, "time": 5.0},
        {"kind": "submitted", "time": 6.0},
        {"kind": "ready", "worker": 2, "time": 10.0},
        {"kind": "submitted", "time": 10.0},
        finished(6.0, 14.0),  # 4 s of it after all are ready.
        {"kind": "ready", "worker": 1, "time": 15.0},  # A child is replaced.
        finished(11.0, 20.0),  # 9 s.
        {"kind": "submitted", "time": 20.0},
        finished(20.0, 30.0),  # After the last submission.
    ]
    assert idle_fraction(events) == pytest.approx(1 - 13 / 20)
    with pytest.raises(HnasError, match="4.0 s before"):
        idle_fraction(events[:3])


def test_what_a_mark_is_above_the_other_is_what_was_found():
    its = found(50, 250, resident=1e6, computed=50.0, engine_seconds=10_050)
    assert measures.rate(its) == 1.0
    assert measures.bytes_each(its) == 5000.0
    assert measures.share_of_a_core(its) == 0.005


@pytest.mark.parametrize(
    ("its", "limit"),
    [
        ({"computed": 80.0, "listened": 15.0}, "the controller"),
        ({"computed": 30.0, "listened": 60.0, "machine": 90.0}, "the workers"),
        (
            {"computed": 30.0, "listened": 60.0, "machine": 1e5},
            "the cores of this machine",
        ),
        ({"computed": 20.0, "listened": 15.0}, "the disk"),
    ],
)
def test_the_limit_is_where_the_time_goes(its, limit, monkeypatch):
    monkeypatch.setattr(measures.os, "cpu_count", lambda: 2)
    assert f"limit: {limit}. " in measures.spent(found(**its))


def test_memory_that_grows_is_seen_in_its_slope():
    growth = memory.growth([100.0 + candidate for candidate in range(80)])
    assert growth.early == 129.5
    assert growth.late == 169.5
    assert growth.most == 179.0
    assert growth.slope == pytest.approx(1.0)
    assert "1.31 times" in growth.in_words()


def test_goals_are_reached_or_not():
    by_part = {figure.part: figure for figure in figures.figures()}
    simulated, idle = by_part["simulated"], by_part["idle"]
    assert simulated.goal() == "at least 200 evaluations/s"
    slow, fast = found(last=100), found(last=100, seconds=0.1)
    assert simulated.verdict(slow) == "1 evaluations/s, not reached"
    assert simulated.verdict(fast) == "1,000 evaluations/s, reached"
    assert idle.goal() == "at most 3.0% of their time"
    assert idle.verdict({"idle_fraction": 0.02}).endswith(", reached")
    assert idle.verdict({"idle_fraction": 0.04}).endswith(", not reached")
    held = {"megabytes": [500.0] * 60}
    assert by_part["worker"].verdict(held) == "500 MB"


def test_the_table_has_what_was_measured():
    wanted = figures.figures(scale=0.5)
    page = as_markdown(
        (one, found() if one.part == "simulated" else None) for one in wanted
    )
    rows = [line for line in page.splitlines() if line.startswith("| ")][2:]
    assert len(rows) == len(wanted)
    assert "| 200 simulated workers, 5,000 evaluations, archive" in rows[0]
    assert "| 1 evaluations/s, not reached | limit: " in rows[0]
    assert rows[-1].endswith("| - | - |")


def test_what_is_known_is_not_measured_again(tmp_path, capsys, monkeypatch):
    asked = []

    def measure(errand, document):
        asked.append(document["archive"])
        return found()

    monkeypatch.setattr(program, "run_errand", measure)
    monkeypatch.setenv("PYTHONPATH", "")
    out = tmp_path / "load.jsonl"
    program.main(["--only=simulated", f"--out={out}"])
    program.main([f"--out={out}", "--page"])
    program.main(["--only=simulated", f"--out={out}"])
    assert asked == ["memory", "disk"]
    assert len(out.read_text().splitlines()) == 2
    page = out.with_suffix(".md").read_text()
    assert page.count("1 evaluations/s, not reached") == 2
    assert page in capsys.readouterr().out
