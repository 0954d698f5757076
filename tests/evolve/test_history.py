"""What trainings said and networks are known to be is verified as well."""

import pytest

from tests.evolve.test_verification import EVERY, change, problems
from tests.evolve.trainings import config, search

pytestmark = pytest.mark.forged


def test_accuracies_are_those_of_the_trainings(tmp_path):
    its = config(num_repeats=3)
    search(tmp_path, its)
    for statement in (
        "UPDATE events SET document ="
        " json_set(document, '$.accuracies', json_array(0.5, 0.5, 0.5))"
        " WHERE kind = 'finished' AND individual = 60",
        "UPDATE individuals SET fitness = 0.5, fitness_std = 0.0"
        " WHERE number = 60",
    ):
        assert change(tmp_path, statement) == 1
    assert problems(tmp_path, its) == [
        "Individual 60 ended with other accuracies than it had"
    ]


def test_nobody_is_trained_on_who_was_stopped(tmp_path):
    its = config(**EVERY)
    search(tmp_path, its)
    last = (
        "SELECT max(number) FROM events WHERE kind = 'judged'"
        " AND NOT json_extract(document, '$.goes_on')"
    )
    # The end of that training becomes one more progress of it.
    document = (
        "SELECT json_set(document, '$.share', 1.0) FROM events"
        f" WHERE number = ({last}) - 1"
    )
    assert change(
        tmp_path,
        f"UPDATE events SET kind = 'progress', document = ({document})"
        f" WHERE number = ({last}) + 1 AND kind = 'finished'",
    )
    assert any(
        "was trained on after it was stopped" in problem
        for problem in problems(tmp_path, its)
    )


def test_a_search_that_reuses_is_not_one_that_trains_everyone(tmp_path):
    reusing, training = tmp_path / "reusing", tmp_path / "training"
    search(reusing, config(reuse_fitness=True))
    found = problems(reusing, config(reuse_fitness=False))
    assert any("was not trained, as all were to be" in one for one in found)
    search(training, config(reuse_fitness=False))
    found = problems(training, config(reuse_fitness=True))
    assert any(" was trained, as " in one for one in found)
