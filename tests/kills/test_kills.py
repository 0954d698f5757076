"""The quick ones of `make test-kills`."""

from collections import Counter
from random import Random

import pytest

from tests.kills.play import Search, play, undisturbed

NUM_KILLS = 4


@pytest.mark.parametrize(
    ("num_workers", "prepare_ahead"), [(1, False), (1, True), (4, False)]
)
def test_killed_again_and_again_at_any_instant(
    tmp_path, num_workers, prepare_ahead
):
    its, kills = (num_workers, prepare_ahead), Counter()
    search = Search(tmp_path / "killed", *its)
    found = play(search, Random(1), kills, most=NUM_KILLS)
    assert kills.total() == NUM_KILLS
    if num_workers == 1:
        assert found == undisturbed(Search(tmp_path / "undisturbed", *its))
