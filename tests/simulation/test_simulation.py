"""Nothing is lost, whatever fails; and what would lose something is found."""

from collections import Counter

import pytest

from tests.simulation.bugs import BUGS
from tests.simulation.pairs import NUM_SEEDS, OFTEN, PAIRS, not_as_expected
from tests.simulation.play import play

MOST_SEEDS_TO_A_BUG = 120


def test_all_holds_whatever_happens():
    met, deaths = Counter(), 0
    for seed in range(NUM_SEEDS):
        try:
            played = play(seed)
        except Exception as error:
            error.add_note(f"To play it again: make simulate SEED={seed}")
            raise
        met += played.met
        deaths += played.num_deaths
    assert not_as_expected(met) == []
    assert deaths >= 1_000


def test_a_pair_that_is_seldom_met_or_new_is_told():
    met = Counter(dict.fromkeys(PAIRS, OFTEN))
    assert not_as_expected(met) == []
    met["lost of an earlier attempt"] -= 1
    del met["failed of one that is lost"]
    met["finished of nobody"] = 1
    assert not_as_expected(met) == [
        "met 0 times: failed of one that is lost",
        "met 1 times: finished of nobody",
        "met 49 times: lost of an earlier attempt",
    ]


def test_a_seed_plays_again():
    assert play(17) == play(17)


@pytest.mark.parametrize("bug", BUGS)
def test_a_bug_is_found(bug):
    with bug(), pytest.raises((AssertionError, LookupError)):
        for seed in range(MOST_SEEDS_TO_A_BUG):
            play(seed)
