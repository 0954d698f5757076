"""Events in the archive: numbered, append-only, and told back whole."""

import pytest

from hnas_tf import events
from hnas_tf.archive import open_search
from hnas_tf.errors import ArchiveError, HnasError
from hnas_tf.evolution import Controller, State
from tests.archive.samples import CONFIG, record, submit

NAN = float("nan")
FACTS = {"device": "CPU:0", "threads": 2, "versions": {"keras": "3.10"}}
EVENTS = [
    events.Ready(1, FACTS),
    events.Unusable(2, "no accelerator"),
    events.Submitted(1, 2),
    events.Progress(1, 2, 1, 0.5, 0.25, ((10, 2.5), (20, 1.25))),
    events.Lost(1, 2, "signal 9"),
    events.Finished(1, 3, (0.5, 0.25), {"building": 1.5}),
    events.Failed(1, 4, events.NOT_FINITE, "loss is nan at step 3"),
]


@pytest.fixture
def archive(tmp_path):
    with open_search(tmp_path, CONFIG) as opened:
        submit(opened, Controller(CONFIG, fetch_genotype=opened.genotype))
        yield opened


def test_events_are_numbered_from_1_without_gaps(archive):
    assert archive.last_event() == 1
    assert [record(archive, event) for event in EVENTS] == list(range(2, 9))
    assert archive.last_event() == 8
    assert [e["number"] for e in archive.events()] == list(range(1, 9))


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_comes_back_as_it_was_told(archive, event):
    number = record(archive, event)
    *_, told = archive.events()
    assert told.pop("number") == number
    assert told.pop("time") == 2.0
    if not hasattr(event, "individual"):
        assert told.pop("individual") is told.pop("attempt") is None
    assert events.from_document(told) == event


def test_happenings_are_events_in_short(archive):
    numbers = [record(archive, event) for event in EVENTS]
    individual = archive.individual(1)
    _, *found = archive.happenings()
    kinds = [events.kind_of(event) for event in EVENTS]
    assert [each.kind for each in found] == [
        kind for kind in kinds if kind != "progress"
    ]
    ready, unusable, submitted, *_ = found
    assert (ready.worker, ready.individual) == (1, 0)
    assert (unusable.worker, unusable.fitness) == (2, None)
    assert (submitted.worker, submitted.individual) == (0, 1)
    assert (submitted.number, submitted.time) == (numbers[2], 2.0)
    assert submitted.parameters == individual.cost.parameters
    assert submitted.rank == individual.rank == (1.0, 0.375)
    assert archive.happenings(after=numbers[-2])[0].kind == "failed"


@pytest.mark.parametrize("event", EVENTS)
def test_events_can_be_read_by_kind(archive, event):
    numbers = [record(archive, each) for each in EVENTS]
    kind = events.kind_of(event)
    found = [told["number"] for told in archive.events(kind=kind)]
    expected = [
        number
        for number, each in zip(numbers, EVENTS, strict=True)
        if type(each) is type(event)
    ]
    assert found == ([1] if kind == "submitted" else []) + expected


def test_events_of_a_kind_that_never_happened_are_none(archive):
    assert list(archive.events(kind="reused")) == []


def test_the_facts_are_those_of_the_first_worker(archive):
    assert archive.facts() is None
    record(archive, events.Ready(1, FACTS))
    record(archive, events.Ready(2, {"device": "GPU:0"}))
    assert archive.facts() == FACTS


def test_a_rolled_back_event_leaves_no_gap(archive):
    with pytest.raises(KeyError), archive.transaction():
        archive.record(EVENTS[0], time=0.0)
        raise KeyError
    assert record(archive, EVENTS[1]) == 2


def test_events_can_be_read_by_individual(archive):
    submit(
        archive,
        Controller(CONFIG, fetch_genotype=archive.genotype, num_proposed=1),
    )
    for event in EVENTS:
        record(archive, event)
    numbers = [told["number"] for told in archive.events(individual=1)]
    assert numbers == [1, 5, 6, 7, 8, 9]
    assert [told["number"] for told in archive.events(individual=2)] == [2]
    of_both = archive.events(kind="submitted", individual=1)
    assert [told["number"] for told in of_both] == [1, 5]


def test_an_event_of_an_individual_that_is_not_there_is_an_error(archive):
    with pytest.raises(ArchiveError):
        record(archive, events.Finished(99, 1, (0.5,)))


@pytest.mark.parametrize("accuracies", [(), (NAN,), (0.5, NAN), (1e999,)])
def test_accuracies_without_a_mean_are_no_fitness(archive, accuracies):
    with pytest.raises(HnasError):
        record(archive, events.Finished(1, 1, accuracies))
    assert archive.individual(1).state is State.SUBMITTED
    assert archive.population() == []
