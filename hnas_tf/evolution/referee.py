"""The referee: says of every progress of a training whether it goes on."""

from collections.abc import Sequence
from typing import NamedTuple

from hnas_tf.config import SearchConfig
from hnas_tf.evolution.algorithm import Told
from hnas_tf.evolution.early_stop import SuccessiveHalving
from hnas_tf.evolution.racing import Racing


class Question(NamedTuple):
    """Whether a training goes on; asked once of an individual.

    Attributes:
        individual: The individual's number.
        repeat: Which of its trainings, from 1.
        share: How far that has come, in (0, 1].
    """

    individual: int
    repeat: int
    share: float


class Referee:
    """Early stop within the first repeat, racing after every whole one.

    What it says depends on nothing but what it was asked and told before, in
    that order.
    """

    def __init__(self, config: SearchConfig) -> None:
        """Has seen nothing yet."""
        self._savings = config.savings
        self._num_repeats = config.training.num_repeats
        self._halving = SuccessiveHalving(config.savings.early_stop_fraction)
        self._racing = Racing(config.evolution)

    def is_asked(self, repeat: int, share: float) -> bool:
        """Returns whether there is anything to decide at this point."""
        if share < 1:
            return self._savings.early_stop and repeat == 1
        return self._savings.adaptive_repeats and repeat < self._num_repeats

    def goes_on(self, share: float, accuracies: Sequence[float]) -> bool:
        """Returns whether a training goes on, and remembers the rung.

        Args:
            share: How far the present repeat has come.
            accuracies: Of the repeats so far, the present one last.
        """
        if share < 1:
            return self._halving.add(share, accuracies[-1])
        return self._racing.may_matter(accuracies)

    def tell(self, told: Told) -> None:
        """Learns of an individual that has a fitness."""
        self._racing.tell(told)

    def learn_spread(self, accuracies: Sequence[float]) -> None:
        """Learns the accuracies of an individual that was not stopped early."""
        self._racing.learn_spread(accuracies)
