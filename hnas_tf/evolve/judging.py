"""Whether trainings go on, asked of the referee once and then remembered."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from hnas_tf.config import SearchConfig
from hnas_tf.events import Finished, Judged, Progress
from hnas_tf.evolution import Question, Referee, Told


class Answer(NamedTuple):
    """What is said to a progress.

    Attributes:
        goes_on: Whether the training goes on.
        judged: The event to record, if it was asked for the first time.
    """

    goes_on: bool
    judged: Judged | None = None


class Judging:
    """The referee, and what it has said of trainings that still run.

    An individual that lost its worker asks again, and gets the same answers.
    """

    def __init__(
        self,
        config: SearchConfig,
        population: Iterable[Told] = (),
        events: Iterable[dict[str, Any]] = (),
    ) -> None:
        """Stands where a search stands.

        Args:
            config: Of the search.
            population: Who has a fitness, in the order in which they got it.
            events: All that are `judged` or `finished`, in order.
        """
        self._referee = Referee(config)
        self._answers: dict[int, dict[Question, bool]] = {}
        self._accuracies: dict[int, list[float]] = {}
        for told in population:
            self._referee.tell(told)
        for event in events:
            self._recall(event)

    def judge(self, progress: Progress) -> Answer:
        """Returns whether a training goes on, and what is to be recorded."""
        number, repeat = progress.individual, progress.repeat
        accuracies = self._so_far(progress)
        if not self._referee.is_asked(repeat, progress.share):
            return Answer(True)
        question = Question(number, repeat, progress.share)
        answers = self._answers.setdefault(number, {})
        if question in answers:
            return Answer(answers[question])
        goes_on = self._referee.goes_on(progress.share, accuracies)
        answers[question] = goes_on
        judged = Judged(
            *(number, progress.attempt, repeat, progress.share),
            accuracies,
            goes_on,
        )
        return Answer(goes_on, judged)

    def share_of(self, number: int) -> float:
        """Returns how far an individual's first repeat may have come."""
        answers = self._answers.get(number, {})
        stopped = [
            question.share
            for question, goes_on in answers.items()
            if not goes_on
        ]
        return min(stopped, default=1.0)

    def learn(self, finished: Finished) -> None:
        """Learns from the repeats of an individual that was trained."""
        self._learn(finished.individual, finished.share, finished.accuracies)

    def tell(self, told: Told) -> None:
        """Learns of an individual that has a fitness."""
        self._referee.tell(told)

    def forget(self, number: int) -> None:
        """Drops what was said of an individual, which asks no more."""
        self._answers.pop(number, None)
        self._accuracies.pop(number, None)

    def _so_far(self, progress: Progress) -> tuple[float, ...]:
        """Returns the accuracies of an attempt's repeats, this one last."""
        whole = self._accuracies.setdefault(progress.individual, [])
        del whole[progress.repeat - 1 :]
        if progress.share < 1:
            return (*whole, progress.accuracy)
        whole.append(progress.accuracy)
        return tuple(whole)

    def _learn(
        self, number: int, share: float, accuracies: Iterable[float]
    ) -> None:
        self.forget(number)
        if share == 1:
            self._referee.learn_spread(tuple(accuracies))

    def _recall(self, event: dict[str, Any]) -> None:
        """Takes in an event of the archive, as when it happened."""
        number, share = event["individual"], event.get("share", 1.0)
        if event["kind"] == "finished":
            self._learn(number, share, event["accuracies"])
            return
        self._referee.goes_on(share, event["accuracies"])
        question = Question(number, event["repeat"], share)
        self._answers.setdefault(number, {})[question] = event["goes_on"]
