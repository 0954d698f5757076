"""What ends a search before all is settled."""

from collections import Counter
from typing import Any

from hnas_tf.engines import Engine
from hnas_tf.errors import HnasError
from hnas_tf.events import Failed, Ready, Unusable
from hnas_tf.evolve.facts import refusal


class Health:
    """Whether there is sense in going on.

    Attributes:
        facts: What the first worker of the search said of itself, if one did.
        fatal: Why the search ends, if it does.
    """

    def __init__(
        self, facts: dict[str, Any] | None, *, max_failures_in_a_row: int
    ) -> None:
        """Stands where a search stands; failures are counted from now on."""
        self.facts = facts
        self.fatal: HnasError | None = None
        self._num_odd = 0
        self._failures: list[Failed] = []
        self._most = max_failures_in_a_row

    def end(self, error: HnasError) -> None:
        """Notes why the search ends: the first reason."""
        self.fatal = self.fatal or error

    def take_ready(self, event: Ready, engine: Engine) -> Unusable | None:
        """Gives a worker up whose fitnesses would not compare with others.

        Ends the search if there are no more others than have been given up:
        nobody knows then who is the odd one.

        Returns:
            What it means, if the worker was given up.
        """
        self.facts = self.facts or event.facts
        different = refusal(self.facts, event.facts)
        if different is None:
            return None
        engine.give_up(event.worker)
        self._num_odd += 1
        if engine.num_workers <= self._num_odd:
            self.end(different)
        return Unusable(event.worker, str(different))

    def take_unusable(self, event: Unusable, *, num_workers: int) -> None:
        """Ends it if this was the last worker."""
        if num_workers == 0:
            self.end(
                HnasError(
                    "Expected workers that can evaluate. Received: "
                    f"worker {event.worker}: {event.reason}"
                )
            )

    def take_finished(self) -> None:
        """Notes that somebody can be evaluated."""
        self._failures.clear()

    def take_failed(self, event: Failed) -> None:
        """Ends it if one after the other fails."""
        self._failures.append(event)
        if len(self._failures) < self._most:
            return
        reasons = Counter(failed.reason for failed in self._failures)
        ((reason, number),) = reasons.most_common(1)
        last = next(f for f in self._failures[::-1] if f.reason == reason)
        words = ": ".join([reason, *last.detail.strip().splitlines()[-1:]])
        self.end(
            HnasError(
                "Expected individuals that can be evaluated. Received: "
                f"{self._most} in a row that failed (max_failures_in_a_row), "
                f"{number} of them with: {words}"
            )
        )
