"""The archive: what follows from the events, and in which order."""

from statistics import stdev

import pytest

from hnas_tf import events
from hnas_tf.archive import Archive, Unfinished, open_search
from hnas_tf.errors import ArchiveError
from hnas_tf.evolution import Controller, State
from tests.archive.samples import CONFIG, fill, read_all, record, submit


@pytest.fixture
def archive(tmp_path):
    with open_search(tmp_path, CONFIG) as opened:
        yield opened


@pytest.fixture
def controller(archive):
    return Controller(CONFIG, fetch_genotype=archive.genotype)


def test_a_new_archive_is_empty(archive):
    assert not any(read_all(archive))


def test_an_individual_comes_back_as_it_was_proposed(archive, controller):
    fill(archive, 6)
    search_on = Controller(
        CONFIG,
        fetch_genotype=archive.genotype,
        num_proposed=6,
        told=archive.population(),
    )
    proposal = search_on.ask(known_event=archive.last_event())
    assert proposal.mutation is not None
    archive.add(proposal)
    individual = archive.individual(7)
    for name, value in vars(proposal).items():
        assert getattr(individual, name) == value
    assert individual.state is State.SUBMITTED
    assert archive.genotype(7) == proposal.genotype
    assert archive.individuals()[-1] == individual


def test_state_and_fitness_follow_from_a_finished_event(archive, controller):
    number = submit(archive, controller)
    record(archive, events.Finished(number, 1, (0.5, 0.75, 1.0)))
    individual = archive.individual(number)
    assert individual.state is State.FINISHED
    assert individual.state.is_final()
    assert individual.fitness == pytest.approx(0.75)
    assert individual.fitness_std == pytest.approx(stdev([0.5, 0.75, 1.0]))
    assert individual.reason is None


def test_a_single_repeat_has_no_standard_deviation(archive, controller):
    number = submit(archive, controller)
    record(archive, events.Finished(number, 1, (0.25,)))
    individual = archive.individual(number)
    assert (individual.fitness, individual.fitness_std) == (0.25, None)


def test_a_failure_is_a_state_with_a_reason(archive, controller):
    number = submit(archive, controller)
    record(archive, events.Failed(number, 1, events.OUT_OF_MEMORY, "8 GiB"))
    individual = archive.individual(number)
    assert individual.state is State.FAILED
    assert individual.reason == "out of memory"
    assert (individual.fitness, individual.fitness_std) == (None, None)
    assert archive.fittest(9) == archive.population() == []


@pytest.mark.parametrize(
    "event",
    [
        events.Progress(1, 1, 2, 0.5, 0.9, ((1, 2.0), (5, 1.0))),
        events.Lost(1, 1, "killed"),
        events.Submitted(1, 2),
    ],
)
def test_other_events_settle_nothing(archive, controller, event):
    before = archive.individual(submit(archive, controller))
    record(archive, event)
    assert archive.individual(1) == before
    assert not before.state.is_final()


def test_the_fittest_come_first_and_of_equal_ones_the_older(
    archive, controller
):
    for _ in range(5):
        submit(archive, controller)
    fitness = {5: 0.5, 2: 0.9, 3: 0.5, 1: 0.0}
    for number, value in fitness.items():
        record(archive, events.Finished(number, 1, (value,)))
    record(archive, events.Failed(4, 1, events.NOT_FINITE))
    fittest = [individual.number for individual in archive.fittest(9)]
    assert fittest == [2, 3, 5, 1]
    assert [individual.number for individual in archive.fittest()] == [2]
    assert archive.fittest(0) == []
    told = [(one.number, one.fitness) for one in archive.population()]
    assert told == list(fitness.items())


def test_unfinished_individuals_know_their_attempts_and_losses(
    archive, controller
):
    numbers = [submit(archive, controller) for _ in range(4)]
    archive.add(controller.ask())  # The search ended before it submitted this.
    for event in (
        events.Lost(2, 1),
        events.Submitted(2, 2),
        events.Lost(2, 2),
        events.Submitted(2, 3),
        events.Finished(3, 1, (0.5,)),
        events.Lost(4, 1),
        events.Submitted(4, 2),
        events.Failed(4, 2, events.WORKER_LOST),
    ):
        record(archive, event)
    assert numbers == [1, 2, 3, 4]
    assert archive.unfinished() == [
        Unfinished(1, archive.genotype(1), num_attempts=1, num_lost=0),
        Unfinished(2, archive.genotype(2), num_attempts=3, num_lost=2),
        Unfinished(5, archive.genotype(5), num_attempts=0, num_lost=0),
    ]


def test_individuals_are_counted_by_state(archive, controller):
    for _ in range(4):
        submit(archive, controller)
    record(archive, events.Finished(1, 1, (0.5,)))
    record(archive, events.Finished(2, 1, (0.5,)))
    record(archive, events.Failed(3, 1, events.TIME_LIMIT))
    counts = {state: archive.num_individuals(state) for state in State}
    assert counts == {"submitted": 1, "finished": 2, "stopped": 0, "failed": 1}
    assert archive.num_individuals() == 4


@pytest.mark.parametrize("number", [0, 1, -1])
def test_an_individual_that_is_not_there_is_an_error(archive, number):
    for read in (archive.individual, archive.genotype):
        with pytest.raises(ArchiveError, match=f"Received: number {number}"):
            read(number)


def test_an_individual_cannot_be_added_twice(archive, controller):
    proposal = controller.ask()
    archive.add(proposal)
    with pytest.raises(ArchiveError, match="UNIQUE constraint failed"):
        archive.add(proposal)


def test_a_search_goes_on_where_its_archive_stands(tmp_path):
    with open_search(tmp_path / "whole", CONFIG) as whole:
        fill(whole, 20)
        expected = read_all(whole)
    for count in (7, 6, 7):
        with open_search(tmp_path / "parts", CONFIG) as part:
            fill(part, count)
    with Archive.open(tmp_path / "parts") as reader:
        assert read_all(reader) == expected
