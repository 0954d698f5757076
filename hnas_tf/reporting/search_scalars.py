"""The figures of a search, after every individual that was evaluated."""

from collections import Counter, deque
from statistics import fmean, quantiles

from hnas_tf.archive import Happening
from hnas_tf.reporting.workers import Workers

LAST = 50
"""The individuals that means, quantiles and rates are taken over."""

SETTLED = ("finished", "reused", "failed")

_SECONDS_AN_HOUR = 3600


class SearchScalars:
    """What TensorBoard shows of a search, against evaluated individuals.

    Attributes:
        best: The event that brought the fittest individual, if any has yet.
        num_evaluated: The individuals of which nothing more is expected.
    """

    def __init__(self) -> None:
        self.best: Happening | None = None
        self.num_evaluated = 0
        self._counts: Counter[str] = Counter()
        self._last: deque[float] = deque(maxlen=LAST)
        self._workers = Workers()
        # How much had passed when each of the last ones was evaluated.
        self._times = deque([(0.0, 0.0, 0.0)], maxlen=LAST + 1)

    def tell(self, event: Happening) -> dict[str, float]:
        """Takes the next event of the search.

        Returns:
            The values of tags; none unless the event settles an individual.
        """
        self._workers.tell(event)
        if event.kind not in SETTLED:
            return {}
        self.num_evaluated += 1
        return self._fitness(event) | self._fractions(event) | self._rates()

    def _fitness(self, event: Happening) -> dict[str, float]:
        """Returns what is known of fitnesses: also after one that has none."""
        of_last = {}
        if event.fitness is not None:
            # Of equal rank, the older is the better.
            if self.best is None or event.rank > self.best.rank:
                self.best = event
            # Accuracies on the way to the end are no match for those there.
            if event.share == 1:
                self._last.append(event.fitness)
                of_last = {
                    "fitness/last": event.fitness,
                    "cost/parameters_of_last": event.parameters,
                }
        if self.best is None:
            return {}
        return {
            **of_last,
            **self._of_several(),
            "fitness/best": self.best.fitness or 0.0,
            "cost/parameters_of_best": self.best.parameters,
        }

    def _of_several(self) -> dict[str, float]:
        """Returns mean and quartiles, once anyone was trained to the end."""
        if not self._last:
            return {}
        # One alone has no quantiles before Python 3.13.
        last = self._last if len(self._last) > 1 else [*self._last] * 2
        lower, median, upper = quantiles(last, n=4, method="inclusive")
        return {
            f"fitness/mean_of_last_{LAST}": fmean(self._last),
            f"fitness/lower_quartile_of_last_{LAST}": lower,
            f"fitness/median_of_last_{LAST}": median,
            f"fitness/upper_quartile_of_last_{LAST}": upper,
        }

    def _fractions(self, event: Happening) -> dict[str, float]:
        self._counts["reused"] += event.kind == "reused"
        self._counts["stopped"] += event.share is not None and event.share < 1
        self._counts["failed"] += event.kind == "failed"
        return {
            f"individuals/{name}_fraction": number / self.num_evaluated
            for name, number in self._counts.items()
        }

    def _rates(self) -> dict[str, float]:
        workers = self._workers
        now = (workers.seconds, workers.worker_seconds, workers.idle_seconds)
        self._times.append(now)
        seconds, worker_seconds, idle_seconds = (
            end - start for start, end in zip(self._times[0], now, strict=True)
        )
        if seconds <= 0 or worker_seconds <= 0:
            return {}  # All of them at the same time.
        an_hour = (len(self._times) - 1) * _SECONDS_AN_HOUR / seconds
        return {
            "workers/candidates_per_hour": an_hour,
            "workers/idle_fraction": idle_seconds / worker_seconds,
        }
