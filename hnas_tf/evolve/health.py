"""What ends a search before all is settled."""

from collections import Counter
from typing import Any

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
        self._failures: list[Failed] = []
        self._most = max_failures_in_a_row

    def end(self, error: HnasError) -> None:
        """Notes why the search ends."""
        self.fatal = error

    def take_ready(self, event: Ready) -> None:
        """Ends it if fitnesses of the worker would not compare with others."""
        self.facts = self.facts or event.facts
        different = refusal(self.facts, event.facts)
        if different is not None:
            self.end(different)

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
