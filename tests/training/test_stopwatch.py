"""Time is added up under names."""

import pytest

from hnas_tf.training.stopwatch import Stopwatch


def test_every_name_is_noted_even_where_the_body_fails():
    watch = Stopwatch()
    assert watch.seconds == {}
    with watch("building"):
        pass
    with pytest.raises(ValueError, match="mine"), watch("training"):
        raise ValueError("mine")
    assert list(watch.seconds) == ["building", "training"]


def test_times_of_one_name_add_up():
    watch = Stopwatch()
    with watch("training"), watch("all"):
        sum(range(1000))
    first = watch.seconds["training"]
    with watch("training"):
        sum(range(1000))
    assert watch.seconds["training"] > first > 0
    assert first >= watch.seconds["all"]
