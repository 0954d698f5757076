"""A search that prepares ahead, killed and started again."""

import itertools

import pytest

from hnas_tf.archive import Archive
from hnas_tf.events import Lost
from hnas_tf.evolution import State
from tests.ahead import NUM_EVALUATIONS, search, submissions
from tests.toy_engine import ToyEngine


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    return search(tmp_path_factory.mktemp("undisturbed"), ToyEngine())


class KilledError(Exception):
    """Stands for the end of the whole program."""


class MortalEngine(ToyEngine):
    """Its program dies when it has told so many events."""

    def __init__(self, num_events, **options):
        super().__init__(**options)
        self._num_left = num_events

    def next_events(self, within):
        if self._num_left == 0:
            raise KilledError
        self._num_left -= 1
        return super().next_events(within)


@pytest.mark.parametrize("outcomes", [{}, {(5, 1): [Lost(5, 1)]}])
def test_a_search_killed_anywhere_goes_on_as_if_it_had_not_been(
    tmp_path, undisturbed, outcomes
):
    for num_events in itertools.count():
        workdir = tmp_path / str(num_events)
        try:
            search(workdir, MortalEngine(num_events, outcomes=outcomes))
            break
        except KilledError:
            assert search(workdir, ToyEngine()) == undisturbed
    assert num_events > 2 * NUM_EVALUATIONS


def test_a_search_killed_again_and_again_goes_on_likewise(
    tmp_path, undisturbed
):
    kills = 0
    while True:
        try:
            assert search(tmp_path, MortalEngine(4)) == undisturbed
            break
        except KilledError:
            kills += 1
    assert kills > 5


@pytest.mark.parametrize("num_events", range(0, 28, 3))
def test_with_several_workers_nobody_is_forgotten_or_evaluated_twice(
    tmp_path, num_events
):
    with pytest.raises(KilledError):
        search(tmp_path, MortalEngine(num_events, num_workers=4))
    with Archive.open(tmp_path) as archive:
        left = [(i.number, i.num_attempts + 1) for i in archive.unfinished()]
    engine = ToyEngine(2)
    individuals = search(tmp_path, engine)
    assert len(individuals) == NUM_EVALUATIONS
    assert all(one.state is State.FINISHED for one in individuals)
    # First those that were left, the ones that had only been prepared too.
    assert set(submissions(engine)[: len(left)]) == set(left)
    with Archive.open(tmp_path) as archive:
        assert len(archive.events(kind="finished")) == NUM_EVALUATIONS
