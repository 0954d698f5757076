"""Nothing is lost, whatever fails; and what would lose something is found."""

from collections import Counter

import pytest

from tests.simulation.bugs import BUGS
from tests.simulation.play import play

NUM_SEEDS = 320
MOST_SEEDS_TO_A_BUG = 120
# Of a worker, about an individual that the search has in some state.
PAIRS = {
    f"{kind} of {state}"
    for kind in ("progress", "finished", "failed", "lost")
    for state in (
        "one that is trained",
        "one that is lost",
        "one that has ended",
        "an earlier attempt",
    )
} | {"progress of one that has asked that"}


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
    assert set(met) == PAIRS
    assert min(met.values()) >= 50, met
    assert deaths >= 1_000


def test_a_seed_plays_again():
    assert play(17) == play(17)


@pytest.mark.parametrize("bug", BUGS)
def test_a_bug_is_found(bug):
    with bug(), pytest.raises((AssertionError, LookupError)):
        for seed in range(MOST_SEEDS_TO_A_BUG):
            play(seed)
