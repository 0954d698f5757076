"""What ends a search before all is settled: failures, and a deadline."""

from dataclasses import replace

import pytest

from hnas_tf.archive import Archive, open_search
from hnas_tf.config import WorkersConfig
from hnas_tf.errors import HnasError
from hnas_tf.events import NOT_FINITE, OUT_OF_MEMORY, Failed, Ready
from hnas_tf.evolve import evolve, verify
from hnas_tf.reporting import summary
from hnas_tf.reporting.failures import failures
from tests.evolve.test_evolve import config
from tests.toy import Clock
from tests.toy_engine import FACTS, ToyEngine


def failing(numbers, detail="in words"):
    """Returns outcomes of a toy engine; every third is another one."""
    return {
        (n, 1): [Failed(n, 1, NOT_FINITE if n % 3 else OUT_OF_MEMORY, detail)]
        for n in numbers
    }


def search(workdir, its, engine, **options):
    with open_search(workdir, its) as archive:
        return evolve(its, archive=archive, engine=engine, **options)


def test_a_search_whose_candidates_all_fail_ends(tmp_path):
    its = config(workers=WorkersConfig(max_failures_in_a_row=7))
    engine = ToyEngine(outcomes=failing(range(1, 21), "said\nlast"))
    with pytest.raises(HnasError) as caught:
        search(tmp_path, its, engine)
    assert str(caught.value) == (
        "Expected individuals that can be evaluated. Received: 7 in a row "
        "that failed (max_failures_in_a_row), 5 of them with: not finite: last"
    )
    with Archive.open(tmp_path) as archive:
        assert archive.num_individuals() == 7
        assert verify(its, archive).problems == []


def test_one_that_succeeds_begins_the_row_anew(tmp_path):
    its = config(workers=WorkersConfig(max_failures_in_a_row=7))
    numbers = [n for n in range(1, 21) if n % 7]
    outcome = search(tmp_path, its, ToyEngine(outcomes=failing(numbers)))
    assert outcome.num_failed == 18


def test_the_same_command_tries_again(tmp_path):
    its = config(workers=WorkersConfig(max_failures_in_a_row=4))
    with pytest.raises(HnasError):
        search(tmp_path, its, ToyEngine(outcomes=failing(range(1, 5))))
    outcome = search(tmp_path, its, ToyEngine())
    assert (outcome.num_failed, outcome.num_finished) == (4, 16)


class Joined(ToyEngine):
    """Has workers of whom each says something else of itself."""

    def __init__(self, *devices):
        super().__init__(len(devices))
        self._devices = devices

    def __enter__(self):
        for number, device in enumerate(self._devices, start=1):
            self._events.append(Ready(number, {**FACTS, "device": device}))
        return self


def test_an_odd_worker_is_given_up_and_the_others_go_on(tmp_path):
    engine = Joined("gpu", "cpu", "gpu")
    with open_search(tmp_path, config()) as archive:
        outcome = evolve(config(), archive=archive, engine=engine)
        (unusable,) = archive.events(kind="unusable")
    assert outcome.num_finished == 20
    assert ("give up", 2) in engine.log
    assert unusable["worker"] == 2
    assert "device gpu there, cpu now" in unusable["reason"]


@pytest.mark.parametrize("devices", [("gpu", "cpu"), ("cpu", "gpu", "gpu")])
def test_where_nobody_knows_who_is_odd_the_search_ends(tmp_path, devices):
    with pytest.raises(HnasError, match="like those that the search began"):
        search(tmp_path, config(), Joined(*devices))
    with Archive.open(tmp_path) as archive:
        assert verify(config(), archive).problems == []


def test_a_deadline_ends_a_search_which_goes_on(tmp_path):
    its = config(workers=WorkersConfig(deadline_seconds=10.5))
    outcome = search(tmp_path, its, ToyEngine(), stopwatch=Clock())
    assert 0 < outcome.num_settled < 10
    with Archive.open(tmp_path) as archive:
        text = summary.of_search(archive, its, tmp_path, "next")
    assert text.startswith(
        f"The deadline has come: {outcome.num_settled} of 20 individuals. "
        "The same command goes on.\n  best fitness"
    )
    outcome = search(
        tmp_path, replace(its, workers=WorkersConfig()), ToyEngine()
    )
    assert outcome.num_settled == 20


def test_a_deadline_before_the_first_is_said(tmp_path):
    its = config(workers=WorkersConfig(deadline_seconds=0.5))
    search(tmp_path, its, ToyEngine(), stopwatch=Clock())
    with (
        Archive.open(tmp_path) as archive,
        pytest.raises(HnasError, match="a deadline before the first was"),
    ):
        summary.of_search(archive, its, tmp_path, "next")


def test_failures_are_counted_and_shown(tmp_path):
    detail = "\n".join(["a", "b", "c", "d", "e", "f \x1b[31mred"])
    engine = ToyEngine(outcomes=failing((3, 5, 8), detail))
    search(tmp_path, config(), engine)
    with Archive.open(tmp_path) as archive:
        assert failures(archive, 2).splitlines() == [
            "3 individuals failed; workers were lost 0 times",
            "  2 not finite",
            "  1 out of memory",
            "individual 8, attempt 1: not finite",
            *("    b", "    c", "    d", "    e", r"    f \x1b[31mred"),
            "individual 5, attempt 1: not finite",
            *("    b", "    c", "    d", "    e", r"    f \x1b[31mred"),
        ]
